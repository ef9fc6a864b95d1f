// K: the functions that formulas may call beyond Math.
import digamma from "@stdlib/math-base-special-digamma";
import erf from "@stdlib/math-base-special-erf";
import erfc from "@stdlib/math-base-special-erfc";
import erfinv from "@stdlib/math-base-special-erfinv";
import gamma from "@stdlib/math-base-special-gamma";
import gammaln from "@stdlib/math-base-special-gammaln";
import besselj0 from "@stdlib/math-base-special-besselj0";
import besselj1 from "@stdlib/math-base-special-besselj1";

const isOrder = (n) => Number.isInteger(n) && n >= 0;

// Values of a solution of f(n+1) = ratio(n, x) f(n) - f(n-1) at order n >= 2,
// from f(0) and f(1): upwards while that is stable (n <= x), otherwise Miller's
// downward recurrence, scaled by the larger of the two known values.
function byRecurrence(n, x, first, second, ratio) {
  if (n <= x) {
    let [below, here] = [first, second];
    for (let k = 1; k < n; k += 1) {
      [below, here] = [here, ratio(k, x) * here - below];
    }
    return here;
  }
  // Far enough above n that the start does not matter to 1e-16.
  const start = 2 * Math.ceil((n + 30 + Math.sqrt(60 * n)) / 2);
  let above = 0;
  let here = 1e-300;
  let wanted = 0;
  for (let k = start; k > 1; k -= 1) {
    [above, here] = [here, ratio(k, x) * here - above];
    if (k - 1 === n) wanted = here;
    if (Math.abs(here) > 1e250) {
      above *= 1e-250;
      here *= 1e-250;
      wanted *= 1e-250;
    }
  }
  const zeroth = ratio(1, x) * here - above;
  return Math.abs(zeroth) > Math.abs(here)
    ? wanted * (first / zeroth)
    : wanted * (second / here);
}

function besselj(n, x) {
  if (!Number.isInteger(n) || Number.isNaN(x)) return NaN;
  const odd = n % 2 !== 0;
  if (n < 0) return odd ? -besselj(-n, x) : besselj(-n, x);
  if (x < 0) return odd ? -besselj(n, -x) : besselj(n, -x);
  if (x === 0) return n === 0 ? 1 : 0;
  if (n === 0) return besselj0(x);
  if (n === 1) return besselj1(x);
  return byRecurrence(n, x, besselj0(x), besselj1(x), (k, z) => (2 * k) / z);
}

// Spherical Bessel function of the first kind.
function jn(n, x) {
  if (!isOrder(n) || Number.isNaN(x)) return NaN;
  if (x < 0) return n % 2 === 0 ? jn(n, -x) : -jn(n, -x);
  if (x === 0) return n === 0 ? 1 : 0;
  const zeroth = Math.sin(x) / x;
  if (n === 0) return zeroth;
  // sin x / x^2 - cos x / x cancels for small x; its series does not.
  const first =
    x < 0.5
      ? series(x)
      : (zeroth - Math.cos(x)) / x;
  if (n === 1) return first;
  return byRecurrence(n, x, zeroth, first, (k, z) => (2 * k + 1) / z);
}

// j_1(x) = x/3 sum_k (-x^2/2)^k / (k! 5 7 ... (2k+3))
function series(x) {
  let term = x / 3;
  let sum = term;
  for (let k = 1; k < 12; k += 1) {
    term *= (-x * x) / (2 * k * (2 * k + 3));
    sum += term;
  }
  return sum;
}

// Polynomials p(n+1) = next(n, p(n), p(n-1)), from p(0) = 1 and p(1).
function polynomial(n, first, next) {
  if (!isOrder(n)) return NaN;
  let [below, here] = [1, first];
  if (n === 0) return 1;
  for (let k = 1; k < n; k += 1) [below, here] = [here, next(k, here, below)];
  return here;
}

const legendre = (n, x) =>
  polynomial(n < 0 ? -n - 1 : n, x, (k, p, q) =>
    ((2 * k + 1) * x * p - k * q) / (k + 1));
const chebyshevt = (n, x) =>
  polynomial(Math.abs(n), x, (k, p, q) => 2 * x * p - q);
const chebyshevu = (n, x) =>
  polynomial(n, 2 * x, (k, p, q) => 2 * x * p - q);
const hermite = (n, x) =>
  polynomial(n, 2 * x, (k, p, q) => 2 * x * p - 2 * k * q);
const laguerre = (n, x) =>
  polynomial(n, 1 - x, (k, p, q) => ((2 * k + 1 - x) * p - k * q) / (k + 1));

function binomial(n, k) {
  if (Number.isInteger(k)) {
    if (k < 0) return 0;
    const few = Number.isInteger(n) && n >= k ? Math.min(k, n - k) : k;
    if (few <= 10000) {
      let product = 1;
      for (let i = 1; i <= few; i += 1) product *= (n - few + i) / i;
      return product;
    }
  }
  return gamma(n + 1) / (gamma(k + 1) * gamma(n - k + 1));
}

const loggamma = (x) => (x > 0 ? gammaln(x) : NaN);

// The bound of a loop that is not an integer slider's own value: beyond what
// an author's call may ask for it is NaN, so that no loop runs for ever.
const bound = (n) => (Math.abs(n) <= 10000 ? n : NaN);

// Multilinear interpolation; exact at the nodes, NaN outside.
function table(grid, ...point) {
  let corners = [[0, 1]];
  for (const [dimension, axis] of grid.axes.entries()) {
    const value = point[dimension];
    if (!(value >= axis[0] && value <= axis[axis.length - 1])) return NaN;
    let cell = 0;
    let end = axis.length - 1;
    while (cell < end) {
      const middle = (cell + end + 1) >> 1;
      if (axis[middle] <= value) cell = middle;
      else end = middle - 1;
    }
    const right = Math.min(cell + 1, axis.length - 1);
    const gap = axis[right] - axis[cell];
    const share = gap ? (value - axis[cell]) / gap : 0;
    const next = [];
    for (const [base, weight] of corners) {
      const row = base * axis.length;
      if (share < 1) next.push([row + cell, weight * (1 - share)]);
      if (share > 0) next.push([row + right, weight * share]);
    }
    corners = next;
  }
  return corners.reduce((sum, [i, weight]) => sum + grid.data[i] * weight, 0);
}

export const K = Object.freeze({
  besselj,
  binomial,
  bound,
  chebyshevt,
  chebyshevu,
  digamma,
  erf,
  erfc,
  erfinv,
  gamma,
  hermite,
  jn,
  laguerre,
  legendre,
  loggamma,
  table,
});
