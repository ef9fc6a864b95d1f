// From the values of the controls to the numbers that are drawn.
import { K } from "./special.js";

// Compiles a bundle once; the formulas are already functions.
export function formulas(bundle) {
  const grids = bundle.spec.grids.map((grid) => ({
    axes: grid.axes,
    data: grid.data.map((value) => (value === null ? NaN : value)),
  }));
  return bundle.functions(K, grids);
}

// `pressed`: number of the wrong version to compute as well, or null.
export function sample(spec, functions, values, pressed = null) {
  const settings = spec.controls.map((control) => values[control.key]);
  const stages = new Map();
  const at = (index) => {
    if (!stages.has(index)) stages.set(index, functions[index](...settings));
    return stages.get(index);
  };
  const end = (value) =>
    value !== null && typeof value === "object" ? at(value.f)() : value;
  const nodes = (axis) => {
    const [low, high] = [end(axis.low), end(axis.high)];
    if (axis.integer) {
      const first = Math.ceil(low - 1e-9);
      const count = Math.max(0, Math.floor(high + 1e-9) - first + 1);
      return Float64Array.from({ length: count }, (_, i) => first + i);
    }
    const last = axis.points - 1;
    const node = (i) =>
      axis.log
        ? low * (high / low) ** (i / last)
        : low + (high - low) * (i / last);
    const all = Float64Array.from({ length: last + 1 }, (_, i) => node(i));
    all[last] = high;
    return all;
  };
  const x = nodes(spec.x);
  const heat = spec.layers.some((layer) => layer.kind === "heat");
  const y = heat ? nodes(spec.y) : null;
  const layers = spec.layers.map((layer) => {
    if (layer.kind === "mark") {
      const place = layer.f.map((index) => (index === null ? null : at(index)()));
      return { x: place[0], y: place[1] };
    }
    if (layer.kind === "heat") {
      const f = at(layer.f[0]);
      const z = new Float64Array(x.length * y.length);
      for (let j = 0; j < y.length; j += 1) {
        for (let i = 0; i < x.length; i += 1) {
          z[j * x.length + i] = f(x[i], y[j]);
        }
      }
      return { x, y, z, low: end(layer.low), high: end(layer.high) };
    }
    const over = layer.over ? nodes(layer.over) : x;
    const columns = layer.f.map((index) => over.map(at(index)));
    return { over, columns };
  });
  const wrong = spec.wrong?.[pressed]?.curves ?? [];
  return {
    x,
    xEnds: [end(spec.x.low), end(spec.x.high)],
    yEnds: [end(spec.y.low), end(spec.y.high)],
    layers,
    wrong: wrong.map(({ layer, f }) => ({ layer, columns: [x.map(at(f))] })),
    readouts: spec.readouts.map((readout) => at(readout.f)()),
  };
}
