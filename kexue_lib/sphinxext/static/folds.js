// What is closed on a page: the folds of claims and code, links that lead
// inside, the switch "show code", printing, searching.
//
// A closed block is the text of a <noscript>: the markup that a reader without
// scripts gets. It becomes elements when it is asked for, and once for all.
"use strict";

(() => {
  const CLOSED = "noscript.kx-closed";
  const CODE = "details.kx-code";
  const kexue = (window.kexue ??= {});
  const button = document.querySelector("button.kx-show-code");

  // ---- making elements of a closed block --------------------------------

  const typeset = (root) => kexue.typeset(root); // page.js

  let copies = 0;

  /** Give code that came later the button that the other code has. */
  function copiable(part) {
    const model = document.querySelector("button.copybtn");
    if (!model) return;
    for (const code of part.querySelectorAll("div.highlight pre")) {
      code.id = `kx-code-${++copies}`;
      const button = model.cloneNode(true);
      button.dataset.clipboardTarget = `#${code.id}`;
      code.after(button);
    }
  }

  /** Code too wide for its place scrolls: one can reach it by key. */
  function reachable(fold) {
    for (const code of fold.querySelectorAll("pre")) {
      if (code.scrollWidth > code.clientWidth) code.tabIndex = 0;
    }
  }

  function fill(holder) {
    const inert = document.createElement("template");
    inert.innerHTML = holder.textContent;
    const made = [...inert.content.children];
    holder.replaceWith(inert.content);
    return made;
  }

  /** Make elements of all that is closed in a part of the page. */
  function fillAll(root = document) {
    const made = [...root.querySelectorAll(CLOSED)].flatMap(fill);
    for (const part of made) {
      copiable(part);
      if (part.matches(".kx-setup")) part.hidden = !shown();
      if (!shown()) continue;
      for (const code of part.querySelectorAll(CODE)) code.open = true;
    }
    return made;
  }

  function open(fold) {
    fillAll(fold);
    fold.open = true;
    typeset(fold);
  }

  // Before the browser opens it: else one would see it empty first.
  document.addEventListener(
    "click",
    (event) => {
      const line = event.target.closest?.("summary");
      if (line && !line.parentElement.open) {
        fillAll(line.parentElement).forEach(typeset);
      }
    },
    true,
  );

  // The event tells of every fold, however it was opened: by a search, say.
  document.addEventListener(
    "toggle",
    (event) => {
      const fold = event.target;
      if (!fold.open || !fold.matches?.("details")) return;
      fillAll(fold);
      typeset(fold);
      reachable(fold);
    },
    true,
  );

  // ---- links into what is closed ----------------------------------------

  /** Find an element by its name; open all that it is in. */
  function reach(name) {
    let found = document.getElementById(name);
    if (!found && /^[\w-]+$/.test(name)) {
      const sought = `id="${name}"`;
      const holder = [...document.querySelectorAll(CLOSED)].find((h) =>
        h.textContent.includes(sought),
      );
      if (!holder) return null;
      const fold = holder.closest("details");
      if (fold) open(fold);
      else if (button) showCode(true); // code that only prepares
      found = document.getElementById(name);
    }
    for (let at = found; at; at = at.parentElement?.closest("details")) {
      if (at.matches("details") && !at.open) open(at);
    }
    return found;
  }

  // Formulas, sliders and pictures above the target still change their size:
  // it is held where it belongs until the reader moves, or all stands.
  const HELD = 4000; // ms
  let release = () => {};

  function hold(target) {
    release();
    const put = () => target.scrollIntoView({ behavior: "instant" });
    const watch = new ResizeObserver(put);
    const moves = ["wheel", "touchstart", "pointerdown", "keydown"];
    const timer = setTimeout(() => release(), HELD);
    release = () => {
      watch.disconnect();
      clearTimeout(timer);
      for (const move of moves) window.removeEventListener(move, release);
      release = () => {};
    };
    for (const move of moves) {
      window.addEventListener(move, release, { passive: true });
    }
    put();
    watch.observe(document.body);
  }

  function follow() {
    let name = "";
    try {
      name = decodeURIComponent(location.hash.slice(1));
    } catch {
      return; // not an address that any page of ours makes
    }
    const target = name && reach(name);
    if (target) hold(target);
  }

  window.addEventListener("hashchange", follow);
  // A second click on the same link changes no address.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href^='#']");
    if (link && link.hash === location.hash) setTimeout(follow);
  });
  kexue.reach = reach;

  // ---- the switch "show code" --------------------------------------------

  const KEY = "kexue-show-code";

  function remembered() {
    try {
      return localStorage.getItem(KEY) === "yes";
    } catch {
      return false; // storage may be forbidden
    }
  }

  function remember(yes) {
    try {
      localStorage.setItem(KEY, yes ? "yes" : "no");
    } catch {
      // Then it is forgotten with the page.
    }
  }

  function shown() {
    return button?.getAttribute("aria-pressed") === "true";
  }

  function showCode(yes) {
    button.setAttribute("aria-pressed", String(yes));
    if (yes) {
      for (const holder of document.querySelectorAll(`${CLOSED}.kx-setup`)) {
        fill(holder).forEach(copiable);
      }
    }
    for (const cell of document.querySelectorAll("div.kx-setup")) {
      cell.hidden = !yes;
    }
    for (const fold of document.querySelectorAll(CODE)) {
      if (yes) open(fold);
      else fold.open = false;
    }
  }

  if (button) {
    button.hidden = false;
    if (remembered()) showCode(true);
    button.addEventListener("click", () => {
      const before = button.getBoundingClientRect().top;
      showCode(!shown());
      remember(shown());
      window.scrollBy(0, button.getBoundingClientRect().top - before);
    });
  }

  // ---- printing and searching: nothing is closed -------------------------

  const FOLDS =
    "details:is(.kx-claim, .kx-derivation, .kx-checked, .kx-code," +
    " .kx-coverage, .kx-more, .kx-aside):not([open])";
  let printed = [];

  window.addEventListener("beforeprint", () => {
    fillAll();
    printed = [...document.querySelectorAll(FOLDS)].filter(
      (fold) => !fold.closest("[hidden]"),
    );
    for (const fold of printed) fold.open = true;
    typeset(document.body);
  });
  window.addEventListener("afterprint", () => {
    for (const fold of printed) fold.open = false;
    printed = [];
  });

  // A browser finds words in a closed <details> and opens it, but not in a
  // <noscript>. Its search begins with a key, or with a click on its menu,
  // which takes the focus from the page.
  let searchable = false;

  function beSearchable() {
    if (searchable) return;
    searchable = true;
    for (const part of fillAll()) kexue.watch(part); // page.js
  }

  window.addEventListener("keydown", (event) => {
    const find = (event.ctrlKey || event.metaKey) && event.key === "f";
    if (find || event.key === "F3" || event.key === "/") beSearchable();
  });
  window.addEventListener("blur", beSearchable);

  follow();
})();
