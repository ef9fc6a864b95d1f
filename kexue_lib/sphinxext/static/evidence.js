// Filters of the claims' table, and the graph of what one claim rests on.
// The page reads without this file. All strings are set as text, never as
// HTML, and nothing is fetched: it works from a file as from a server.
"use strict";

(() => {
  const SVG = "http://www.w3.org/2000/svg";

  function el(name, attributes = {}, ...children) {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      node.setAttribute(key, value);
    }
    node.append(...children);
    return node;
  }

  function svg(name, attributes, ...children) {
    const node = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) {
      node.setAttribute(key, value);
    }
    node.append(...children);
    return node;
  }

  function choice(label, options) {
    const select = el("select", {});
    for (const [value, text] of options) {
      select.append(el("option", { value }, text));
    }
    return [el("label", {}, `${label} `, select), select];
  }

  // ---- table: filters, kept in the address (#level_exact__chapter_lru) --

  const FILTERS = ["level", "chapter", "kind", "source"];

  function filterable(wrapper) {
    const rows = [...wrapper.querySelectorAll("tr[data-level]")];
    const groups = [...wrapper.querySelectorAll("tbody")];
    const selects = {};
    const form = el("form", { class: "kx-filters", role: "search" });
    const status = el("p", { class: "kx-status", role: "status" });
    const chapters = new Map(
      groups.map((group) => [
        group.querySelector("[data-chapter]").dataset.chapter,
        group.querySelector(".kx-group").textContent,
      ]),
    );
    for (const key of FILTERS) {
      const values = [...new Set(rows.map((row) => row.dataset[key]))];
      const named = values.map((value) => [
        value,
        key === "chapter"
          ? chapters.get(value)
          : key === "source" && value === "own" ? "ours" : value,
      ]);
      if (key !== "chapter") named.sort((a, b) => a[1].localeCompare(b[1]));
      const [label, select] = choice(key, [["", "all"], ...named]);
      selects[key] = select;
      form.append(label);
    }
    const words = el("input", { type: "search", spellcheck: "false" });
    form.append(el("label", {}, "words ", words));
    const reset = el("button", { type: "reset" }, "Show all");
    form.append(reset);

    function apply() {
      const typed = words.value.toLowerCase().split(/\s+/);
      let shown = 0;
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        row.hidden =
          FILTERS.some(
            (key) =>
              selects[key].value && selects[key].value !== row.dataset[key],
          ) || !typed.every((word) => text.includes(word));
        shown += !row.hidden;
      }
      for (const group of groups) {
        group.hidden = !group.querySelector(
          "tr[data-level]:not([hidden])",
        );
      }
      status.textContent =
        shown === rows.length
          ? `All ${shown} claims`
          : `${shown} of ${rows.length} claims`;
      reset.disabled = shown === rows.length;
    }

    function keep() {
      const set = FILTERS.filter((key) => selects[key].value);
      const pairs = set.map(
        (key) => `${key}_${selects[key].value.replace(/ /g, "-")}`,
      );
      const { pathname, search } = location;
      history.replaceState(
        null,
        "",
        set.length ? `#${pairs.join("__")}` : pathname + search,
      );
    }

    function fromAddress() {
      const wanted = location.hash.slice(1).split("__");
      const known = FILTERS.flatMap((key) =>
        [...selects[key].options].filter((option) =>
          option.value &&
          wanted.includes(`${key}_${option.value.replace(/ /g, "-")}`),
        ),
      );
      if (!known.length) return;
      form.reset();
      for (const option of known) option.selected = true;
      apply();
      form.scrollIntoView();
    }

    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => {
      apply();
      keep();
    });
    form.addEventListener("reset", () =>
      setTimeout(() => {
        apply();
        keep();
      }),
    );
    window.addEventListener("hashchange", fromAddress);
    wrapper.before(form, status);
    apply();
    fromAddress();
  }

  // ---- graph: layers below one claim ----------------------------------

  const [WIDE, HIGH, GAP_X, GAP_Y, THREAD] = [164, 62, 14, 30, 10];
  const [LETTERS, LINES] = [25, 2]; // of a claim's sentence in its box

  /** Claims that `root` rests on within `limit` steps, with its distance. */
  function distances(claims, root, limit = Infinity) {
    const far = new Map([[root, 0]]);
    for (const id of far.keys()) {
      if (far.get(id) >= limit) continue;
      for (const used of claims[id].consumes) {
        if (!far.has(used)) far.set(used, far.get(id) + 1);
      }
    }
    return far;
  }

  /** What `root` names without resting on it. */
  function mentions(claims, root) {
    const far = distances(claims, root);
    return claims[root].uses.filter((used) => !far.has(used));
  }

  /** Rows of boxes; an edge over several rows is led through by threads. */
  function layout(claims, root, ids) {
    const inside = new Set(ids);
    const uses = (id) => claims[id].uses.filter((used) => inside.has(used));
    // Each box stands below all that use it: users come first in `order`,
    // the reverse of the order in which a search leaves the claims.
    const order = [];
    const seen = new Set();
    (function search(id) {
      seen.add(id);
      for (const used of uses(id)) if (!seen.has(used)) search(used);
      order.unshift(id);
    })(root);
    const depth = new Map(order.map((id) => [id, 0]));
    order.forEach((id, at) => {
      for (const used of uses(id)) {
        if (order.indexOf(used) < at) continue; // closes a circle
        depth.set(used, Math.max(depth.get(used), depth.get(id) + 1));
      }
    });
    const rows = [];
    const place = (item, level) => {
      (rows[level] ??= []).push(item);
      return item;
    };
    const box = new Map();
    for (const id of ids) {
      box.set(id, place({ id, width: WIDE, up: [], down: [] }, depth.get(id)));
    }
    const edges = [];
    for (const id of ids) {
      for (const used of uses(id)) {
        const [from, to] = [depth.get(id), depth.get(used)];
        if (to <= from) continue; // a circle, cut where it closes
        const path = [box.get(id)];
        for (let level = from + 1; level < to; level++) {
          path.push(place({ width: THREAD, up: [], down: [] }, level));
        }
        path.push(box.get(used));
        for (let i = 1; i < path.length; i++) {
          path[i].up.push(path[i - 1]);
          path[i - 1].down.push(path[i]);
        }
        edges.push({ path, solid: claims[id].consumes.includes(used) });
      }
    }
    arrange(rows);
    return { rows, edges };
  }

  /** Order each row by the middle of its neighbours, a few times. */
  function arrange(rows) {
    const spread = (row) => {
      const total = row.reduce((sum, b) => sum + b.width + GAP_X, -GAP_X);
      let x = -total / 2;
      for (const b of row) {
        b.x = x + b.width / 2;
        x += b.width + GAP_X;
      }
    };
    rows.forEach(spread);
    const middle = (list, own) =>
      list.length ? list.reduce((sum, b) => sum + b.x, 0) / list.length : own;
    for (let sweep = 0; sweep < 6; sweep++) {
      const side = sweep % 2 ? "down" : "up";
      for (const row of sweep % 2 ? [...rows].reverse() : rows) {
        const wish = new Map(row.map((b) => [b, middle(b[side], b.x)]));
        row.sort((a, b) => wish.get(a) - wish.get(b));
        spread(row);
      }
    }
    const left = Math.min(...rows.flat().map((b) => b.x - b.width / 2));
    rows.forEach((row, level) =>
      row.forEach((b) => {
        b.x -= left;
        b.y = level * (HIGH + GAP_Y);
      }),
    );
  }

  function curve(path) {
    const first = path[0];
    let d = `M${first.x},${first.y + HIGH}`;
    for (let i = 1; i < path.length; i++) {
      const [a, b] = [path[i - 1], path[i]];
      const [top, bottom] = [a.y + HIGH, b.y - (i + 1 < path.length ? 0 : 7)];
      const half = (top + bottom) / 2;
      d += ` C${a.x},${half} ${b.x},${half} ${b.x},${bottom}`;
      if (i + 1 < path.length) d += ` L${b.x},${b.y + HIGH}`;
    }
    return d;
  }

  function short(text, length) {
    return text.length > length ? `${text.slice(0, length - 1)}…` : text;
  }

  /** Break a sentence into lines; what does not fit is cut with a sign. */
  function wrapped(text) {
    const lines = [""];
    for (const word of text.split(/\s+/)) {
      const last = lines.length - 1;
      const longer = lines[last] ? `${lines[last]} ${word}` : word;
      if (longer.length <= LETTERS) lines[last] = longer;
      else lines.push(word);
    }
    const cut = lines.slice(0, LINES).map((line) => short(line, LETTERS));
    if (lines.length > LINES) {
      cut[LINES - 1] = `${short(cut[LINES - 1], LETTERS - 2)} …`;
    }
    return cut;
  }

  function drawing(claims, root, ids) {
    const { rows, edges } = layout(claims, root, ids);
    const boxes = rows.flat();
    const width = Math.max(...boxes.map((b) => b.x + b.width / 2)) + 4;
    const height = rows.length * (HIGH + GAP_Y) - GAP_Y + 4;
    const picture = svg("svg", {
      viewBox: `-2 -2 ${width} ${height}`,
      width,
      height,
      role: "group",
      "aria-label": `${claims[root].number} and the claims it rests on or mentions`,
    });
    for (const { path, solid } of edges) {
      const end = path[path.length - 1];
      picture.append(
        svg("path", {
          class: solid ? "kx-edge" : "kx-edge kx-dashed",
          d: curve(path),
        }),
        svg("path", {
          class: "kx-head-of-edge",
          d: `M${end.x - 4},${end.y - 8} l4,7 l4,-7 z`,
        }),
      );
    }
    const home = claims[root].chapter;
    for (const b of boxes.filter((item) => item.id)) {
      const c = claims[b.id];
      const foreign = c.chapter !== home;
      const text = (y, cls, ...parts) =>
        svg("text", { x: b.x, y: b.y + y, class: cls }, ...parts);
      const name = text(18, "kx-node-name", `${c.number} `);
      name.append(svg("tspan", { class: `kx-sign ${c.class}` }, c.symbol));
      const link = svg(
        "a",
        {
          href: `#graph-${c.anchor}`,
          class: `kx-node ${c.class}${b.id === root ? " kx-root" : ""}`,
        },
        svg("title", {}, `${c.chapter} ${c.number} (${c.level}): ${c.title}`),
        svg("rect", {
          x: b.x - WIDE / 2,
          y: b.y,
          width: WIDE,
          height: HIGH,
          rx: 5,
        }),
        name,
      );
      const said = wrapped(foreign ? `${c.chapter}: ${c.title}` : c.title);
      said.forEach((line, row) => {
        link.append(text(35 + 14 * row, "kx-node-title", line));
      });
      picture.append(link);
    }
    return picture;
  }

  /** The same in words: a nested list, in which a claim unfolds once. */
  function listing(claims, id, inside, told = new Set([id])) {
    const list = el("ul");
    for (const used of claims[id].uses.filter((u) => inside.has(u))) {
      const c = claims[used];
      const link = el("a", { href: c.url }, `${c.chapter} ${c.number}`);
      const item = el("li", {}, link, ` (${c.level}): ${c.title}`);
      list.append(item);
      if (!claims[id].consumes.includes(used)) {
        item.append(" (mentioned only)");
        continue;
      }
      const again = told.has(used);
      told.add(used);
      const open = c.consumes.some((u) => inside.has(u));
      if (again && open) item.append(" (its list is above)");
      if (!again && open) item.append(listing(claims, used, inside, told));
    }
    return list;
  }

  const COMFORTABLE = 18; // boxes: beyond, a picture starts less deep

  function graph(figure) {
    const source = figure.querySelector("script.kx-data");
    if (!source) return;
    const { claims, order } = JSON.parse(source.textContent);
    const byAnchor = new Map(order.map((id) => [claims[id].anchor, id]));
    // The picture takes over the addresses of the plain list.
    for (const item of figure.querySelectorAll("li[id]")) {
      item.removeAttribute("id");
    }
    const pick = el("select");
    const chapters = new Map();
    for (const id of order) {
      const c = claims[id];
      if (!chapters.has(c.chapter)) {
        chapters.set(c.chapter, el("optgroup", { label: c.chapter }));
        pick.append(chapters.get(c.chapter));
      }
      const name = `${c.number} ${short(c.title, 60)}`;
      chapters.get(c.chapter).append(el("option", { value: id }, name));
    }
    const [depthLabel, depth] = choice("depth", [
      ["1", "1 step"],
      ["2", "2 steps"],
      ["3", "3 steps"],
      ["5", "5 steps"],
      ["Infinity", "all"],
    ]);
    const form = el(
      "form",
      { class: "kx-filters" },
      el("label", { class: "kx-pick" }, "claim ", pick),
      depthLabel,
    );
    form.addEventListener("submit", (event) => event.preventDefault());
    const caption = el("p", { class: "kx-graph-caption", role: "status" });
    const canvas = el("div", { class: "kx-canvas" });
    const words = el("details", { class: "kx-uses" });
    figure.prepend(form, caption, canvas, words);

    function show(root, limit) {
      const c = claims[root];
      const all = distances(claims, root).size - 1;
      const below = [...distances(claims, root, limit).keys()];
      const beside = mentions(claims, root);
      const ids = [...below, ...beside];
      pick.value = root;
      depth.value = String(limit);
      const number = el("a", { href: c.url }, `${c.chapter} ${c.number}`);
      const rests =
        all === 0
          ? "It rests on no other claim."
          : `It rests on ${all} ${all === 1 ? "claim" : "claims"}` +
            (below.length - 1 < all
              ? `; the picture shows ${below.length - 1} of them.`
              : ".");
      const aside = beside.length
        ? ` It mentions ${beside.length} more (dashed).`
        : "";
      caption.replaceChildren(
        number,
        `, ${c.level}: ${c.title}. ${rests}${aside}`,
      );
      canvas.replaceChildren(drawing(claims, root, ids));
      canvas.scrollLeft = (canvas.scrollWidth - canvas.clientWidth) / 2;
      words.hidden = ids.length === 1;
      words.replaceChildren(
        el("summary", {}, `What ${c.number} rests on, as a list`),
        listing(claims, root, new Set(ids)),
      );
    }

    function comfortable(root) {
      const limits = [Infinity, 5, 3, 2, 1];
      return (
        limits.find(
          (n) => distances(claims, root, n).size <= COMFORTABLE,
        ) ?? 1
      );
    }

    function fromAddress() {
      let wanted = "";
      try {
        wanted = decodeURIComponent(location.hash);
      } catch {
        return false; // not an address that any page of ours makes
      }
      const root = byAnchor.get(wanted.replace(/^#graph-/, ""));
      if (!wanted.startsWith("#graph-") || !root) return false;
      show(root, comfortable(root));
      return true;
    }

    pick.addEventListener("change", () => {
      history.pushState(null, "", `#graph-${claims[pick.value].anchor}`);
      show(pick.value, comfortable(pick.value));
    });
    depth.addEventListener("change", () => {
      show(pick.value, Number(depth.value));
    });
    canvas.addEventListener("click", (event) => {
      const link = event.target.closest("a");
      if (!link) return;
      event.preventDefault();
      history.pushState(null, "", link.getAttribute("href"));
      fromAddress();
    });
    window.addEventListener("popstate", fromAddress);
    window.addEventListener("hashchange", () => {
      if (fromAddress()) figure.scrollIntoView({ block: "nearest" });
    });
    const size = (id) => distances(claims, id).size;
    const first = order.reduce((best, id) =>
      size(id) > size(best) && size(id) <= COMFORTABLE ? id : best,
    );
    if (fromAddress()) figure.scrollIntoView();
    else show(first, comfortable(first));
  }

  document.querySelectorAll(".kx-table-wrapper").forEach(filterable);
  document.querySelectorAll(".kx-graph").forEach(graph);
})();
