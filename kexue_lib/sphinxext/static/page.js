// Formulas are set shortly before they are seen; the table of contents shows
// where the reader is. Other scripts call
//   kexue.typeset(root)   set all formulas below root now
//   kexue.watch(root)     set those below root when they come near
"use strict";

(() => {
  const kexue = (window.kexue ??= {});

  // ---- formulas ----------------------------------------------------------

  const UNSET = ".math:not(.kx-set)";
  const SCROLLS = ".math.kx-set, .kx-drawing";
  const NEAR = "150% 0px"; // above and below the window
  const SLICE = 25; // ms of work before the browser may draw

  function set(formula) {
    const number = formula.querySelector(".eqno");
    number?.remove();
    const source = formula.textContent.trim().slice(2, -2);
    const holder = document.createElement("span");
    katex.render(source, holder, {
      displayMode: formula.matches("div"),
      throwOnError: false,
    });
    formula.classList.add("kx-set");
    formula.replaceChildren(...(number ? [number] : []), ...holder.childNodes);
  }

  function below(root) {
    const found = [...root.querySelectorAll(UNSET)];
    return root.matches?.(UNSET) ? [root, ...found] : found;
  }

  /** What is too wide for its place scrolls: then one reaches it by key. */
  function reachable(parts) {
    const wide = parts.map((part) => part.scrollWidth > part.clientWidth);
    parts.forEach((part, at) => {
      if (wide[at] === part.hasAttribute("tabindex")) return;
      if (wide[at]) {
        const kind = part.matches(".math") ? "formula" : "figure";
        part.tabIndex = 0;
        part.setAttribute("role", "group");
        part.setAttribute("aria-label", `wide ${kind}`);
      } else {
        for (const name of ["tabindex", "role", "aria-label"]) {
          part.removeAttribute(name);
        }
      }
    });
  }

  function typeset(root = document.body) {
    const formulas = below(root);
    formulas.forEach(set);
    reachable(formulas);
  }

  // Formulas of one block come near together.
  const blocks = new Map();
  const waiting = new Set();
  let fresh = [];
  const near = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) waiting.add(target);
        else waiting.delete(target);
      }
      if (waiting.size) work();
    },
    { rootMargin: NEAR },
  );
  let planned = 0;

  /** Set what is near, what can be seen first; pause now and then. */
  function work() {
    clearTimeout(planned);
    const start = performance.now();
    const seen = (block) => {
      const { top, bottom } = block.getBoundingClientRect();
      return bottom > 0 && top < innerHeight;
    };
    const places = [...waiting].map((block) => [!seen(block), block]);
    places.sort((a, b) => a[0] - b[0]);
    for (const [, block] of places) {
      if (performance.now() - start > SLICE) {
        planned = setTimeout(work);
        return;
      }
      waiting.delete(block);
      near.unobserve(block);
      const formulas = blocks.get(block).filter((f) => f.matches(UNSET));
      blocks.delete(block);
      formulas.forEach(set);
      fresh.push(...formulas);
    }
    reachable(fresh.splice(0));
  }

  function watch(root = document.body) {
    for (const formula of below(root)) {
      const block = formula.matches("div") ? formula : formula.parentElement;
      if (!blocks.has(block)) blocks.set(block, []);
      blocks.get(block).push(formula);
      near.observe(block);
    }
  }

  kexue.typeset = typeset;
  kexue.watch = watch;
  watch();
  reachable([...document.querySelectorAll(".kx-drawing")]);
  window.addEventListener("beforeprint", () => {
    typeset();
    for (const image of document.querySelectorAll("img[loading=lazy]")) {
      image.loading = "eager";
    }
  });
  // What is too wide changes with the window, and when a font has come.
  let measured = 0;
  function measure() {
    clearTimeout(measured);
    measured = setTimeout(
      () => reachable([...document.querySelectorAll(SCROLLS)]),
      200,
    );
  }
  window.addEventListener("resize", measure);
  document.fonts.addEventListener("loadingdone", measure);
  // Fonts that a formula far below may need: one that is printed cannot wait.
  window.addEventListener("load", () => {
    const later = window.requestIdleCallback ?? setTimeout;
    later(() => {
      for (const size of ["Size1", "Size2", "Size3", "Size4", "AMS"]) {
        document.fonts.load(`1em KaTeX_${size}`);
      }
    });
  });

  // ---- table of contents: the section that is being read ------------------

  const links = new Map();
  for (const link of document.querySelectorAll(".bd-toc-nav a[href^='#']")) {
    const section = document.getElementById(link.hash.slice(1));
    if (section) links.set(section, link);
  }
  const inside = new Set();
  const LINE = "-30% 0px -70% 0px"; // the line across the window that counts
  const reading = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) inside.add(target);
        else inside.delete(target);
      }
      // The innermost section comes last.
      const here = [...links.keys()].filter((s) => inside.has(s)).at(-1);
      for (const [section, link] of links) {
        const holds = inside.has(section);
        link.classList.toggle("active", section === here);
        link.parentElement.classList.toggle("active", holds);
        if (section === here) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    },
    { rootMargin: LINE },
  );
  for (const section of links.keys()) reading.observe(section);
})();
