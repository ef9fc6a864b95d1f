// What a link to a claim or a chapter leads to, in a card beside it: on hover
// and on focus. All is in the page already: a claim of this page is copied,
// of another page the link's own title tells sentence and level.
"use strict";

(() => {
  const LINKS = "a.kx-ref, a.kx-chapter-link";
  const WAIT = 200; // ms before a card comes, and before it goes
  const kexue = (window.kexue ??= {});

  const card = document.createElement("div");
  card.className = "kx-hover";
  card.id = "kx-hover";
  card.setAttribute("role", "tooltip");
  card.hidden = true;
  document.body.append(card);

  let owner = null; // the link whose card is shown
  let timer = 0;

  function line(cls, ...children) {
    const made = document.createElement("p");
    made.className = cls;
    made.append(...children);
    return made;
  }

  /** Copy a part of the page; its names and links stay where they are. */
  function copy(part) {
    const made = part.cloneNode(true);
    for (const named of [made, ...made.querySelectorAll("[id]")]) {
      named.removeAttribute("id");
    }
    for (const link of made.querySelectorAll("a")) {
      const text = document.createElement("span");
      text.className = link.className;
      text.append(...link.childNodes);
      link.replaceWith(text);
    }
    return made;
  }

  function badge(colour, text) {
    const made = document.createElement("span");
    made.className = `kx-badge ${colour}`;
    made.textContent = text;
    return made;
  }

  /** The claim that a link of this page leads to. */
  function here(link) {
    const same = link.getAttribute("href").startsWith("#");
    return same ? document.getElementById(link.hash.slice(1)) : null;
  }

  /** The formulas of a claim, also of a lemma that is closed. */
  function statement(claim) {
    const found = claim.querySelector(".kx-statement");
    if (found) return copy(found);
    const closed = claim.querySelector("noscript.kx-closed");
    const inert = document.createElement("template");
    inert.innerHTML = closed?.textContent ?? "";
    const inside = inert.content.querySelector(".kx-statement");
    return inside ? copy(inside) : "";
  }

  function content(link) {
    const claim = here(link);
    if (claim?.matches(".kx-claim")) {
      const title = claim.querySelector(".kx-title");
      const level = claim.querySelector(".kx-badge");
      const shown = level ? badge(level.className, level.textContent) : "";
      return [
        line("kx-hover-title", copy(title), " ", shown),
        statement(claim),
      ];
    }
    // "Chapter C1: sentence (level)", or "Chapter: what it settles".
    const [, name, rest] = link.dataset.said.match(/^(.*?): (.*)$/s) ?? [];
    if (!rest) return [line("kx-hover-title", link.dataset.said)];
    const sign = link.querySelector(".kx-sign");
    const level = sign && rest.match(/ \(([a-z ]+)\)$/);
    if (!level) return [line("kx-hover-name", name), line("", rest)];
    const colour = [...sign.classList].find((c) => c !== "kx-sign");
    return [
      line("kx-hover-name", name),
      line(
        "kx-hover-title",
        `${rest.slice(0, -level[0].length)} `,
        badge(colour, `${sign.textContent} ${level[1]}`),
      ),
    ];
  }

  function place(link) {
    const at = link.getClientRects()[0];
    const { offsetWidth: width, offsetHeight: height } = card;
    const edge = 8;
    const room = document.documentElement.clientWidth - width - edge;
    const below = at.bottom + 6;
    const fits = below + height < innerHeight;
    const top = fits ? below : Math.max(edge, at.top - height - 6);
    card.style.left = `${Math.max(edge, Math.min(at.left, room)) + scrollX}px`;
    card.style.top = `${top + scrollY}px`;
  }

  function show(link) {
    hide();
    if (link.title) {
      // The card takes the place of the browser's own.
      link.dataset.said = link.title;
      link.removeAttribute("title");
    }
    if (!link.dataset.said) return;
    owner = link;
    card.replaceChildren(...content(link));
    card.hidden = false;
    kexue.typeset(card);
    link.setAttribute("aria-describedby", card.id);
    place(link);
  }

  function hide() {
    clearTimeout(timer);
    card.hidden = true;
    owner?.removeAttribute("aria-describedby");
    owner = null;
  }

  function later(act) {
    clearTimeout(timer);
    timer = setTimeout(act, WAIT);
  }

  const link = (event) => event.target.closest?.(LINKS);
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    if (card.contains(event.target)) clearTimeout(timer);
    else if (link(event) === owner && owner) clearTimeout(timer);
    else if (link(event)) later(() => show(link(event)));
    else if (owner && !owner.matches(":focus-visible")) later(hide);
  });
  document.addEventListener("focusin", (event) => {
    if (link(event)?.matches(":focus-visible")) show(link(event));
  });
  document.addEventListener("focusout", (event) => {
    if (link(event) === owner) hide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
  document.addEventListener("click", (event) => {
    if (link(event)) hide();
  });
  window.addEventListener("beforeprint", hide);
})();
