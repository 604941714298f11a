"use strict";
// The page is whole without this script. It adds the record card, the lighting up of a statement wherever
// it stands, and choosing a source.
(() => {
  const card = document.getElementById("card");
  const narrow = window.matchMedia("(max-width: 59.99rem)");
  let lit = null, anchor = null, timer = 0;

  const parts = (key) => document.querySelectorAll(
    `mark[data-say~="${key}"], [data-src~="${key}"], [data-cue~="${key}"], .entry[data-key="${key}"], .elsewhere [data-key="${key}"]`);
  const keyOf = (el) => {
    const last = (list) => list.split(" ").pop();
    const src = el.closest("[data-src]"), cue = el.closest("[data-cue]");
    if (src) return last(src.dataset.src);
    if (cue) return last(cue.dataset.cue);
    const ref = el.closest(".ref[data-key]"), mark = el.closest("mark[data-say]");
    if (ref) return ref.dataset.key;
    return mark ? last(mark.dataset.say) : null;
  };

  function light(key) {
    if (lit === key) return;
    if (lit) parts(lit).forEach((el) => el.classList.remove("on"));
    lit = key;
    if (!key) return;
    const hue = getComputedStyle(document.getElementById(key)).getPropertyValue("--i");
    document.documentElement.style.setProperty("--lit", hue);
    parts(key).forEach((el) => el.classList.add("on"));
  }

  function place(at) {
    if (narrow.matches) return;
    const box = at.getBoundingClientRect(), width = card.offsetWidth, height = card.offsetHeight;
    const room = document.documentElement.clientWidth;
    const left = Math.max(12, Math.min(box.left, room - width - 12));
    const below = box.bottom + 12 + height <= window.innerHeight || box.top < height + 12;
    card.style.left = `${left + window.scrollX}px`;
    card.style.top = `${(below ? box.bottom + 12 : box.top - height - 12) + window.scrollY}px`;
  }

  function show(key, at) {
    clearTimeout(timer);
    const entry = document.getElementById(key);
    if (!entry) return;
    light(key);
    if (card.dataset.key !== key || card.hidden) {
      card.replaceChildren(entry.querySelector(".record").cloneNode(true));
      card.className = entry.className.replace(/\b(entry|on)\b/g, "");
      card.dataset.key = key;
      card.hidden = false;
      place(at);
    }
    if (anchor) anchor.removeAttribute("aria-describedby");
    anchor = at.matches("a") ? at : null;
    if (anchor) anchor.setAttribute("aria-describedby", "card");
  }

  function hide() {
    clearTimeout(timer);
    card.hidden = true;
    if (anchor) anchor.removeAttribute("aria-describedby");
    anchor = null;
    light(null);
  }

  const hideSoon = () => { clearTimeout(timer); timer = setTimeout(hide, 220); };
  const inText = (el) => el.closest && el.closest(".paper");

  document.addEventListener("mouseover", (event) => {
    const el = event.target;
    if (el.closest("#card")) { clearTimeout(timer); return; }
    const key = inText(el) ? keyOf(el) : null;
    if (key) {
      clearTimeout(timer);
      timer = setTimeout(() => show(key, el.closest(".ref, mark, b, i") || el), card.hidden ? 90 : 30);
      return;
    }
    const listed = el.closest("[data-key]");
    if (listed && card.hidden) { light(listed.dataset.key); return; }
    if (card.hidden) { clearTimeout(timer); light(null); } else if (!document.activeElement.closest(".ref")) hideSoon();
  });

  document.addEventListener("focusin", (event) => {
    const ref = event.target.closest(".ref"), listed = event.target.closest(".entry, .elsewhere li");
    if (ref) show(ref.dataset.key, ref);
    else if (!event.target.closest("#card")) { hide(); if (listed) light(listed.dataset.key); }
  });
  document.addEventListener("focusout", (event) => { if (event.target.closest(".ref")) hideSoon(); });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const entry = document.activeElement.closest(".entry");
    if (!card.hidden) hide();
    else if (entry) document.getElementById(entry.querySelector(".number").hash.slice(1))?.focus();
    else choose(null, null);
  });

  // Brings an entry or a mark into sight; beside the article only the list moves, so that the reader's place is kept.
  function reveal(target) {
    const rail = target.closest(".rail");
    if (rail && !narrow.matches && rail.scrollHeight > rail.clientHeight) {
      const top = target.getBoundingClientRect().top - rail.getBoundingClientRect().top;
      if (top < 0 || top > rail.clientHeight * 0.6) rail.scrollTop += top - rail.clientHeight / 3;
    } else target.scrollIntoView({ block: target.matches(".ref") ? "center" : "nearest" });
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const target = link && document.getElementById(link.hash.slice(1));
    if (target && (target.matches(".entry") || target.matches(".ref"))) {
      event.preventDefault();
      history.replaceState(null, "", link.hash);
      reveal(target);
      target.focus({ preventScroll: true });
      return;
    }
    const key = inText(event.target) && !event.target.closest("a") ? keyOf(event.target) : null;
    if (key) show(key, event.target);
    else if (!event.target.closest("#card")) hide();
  });

  // Choosing a source: its statements stay tinted, the others step back.
  function choose(doc, button) {
    const off = !button || button.getAttribute("aria-pressed") === "true";
    document.querySelectorAll(".chosen").forEach((el) => el.classList.remove("chosen"));
    document.querySelectorAll(".picked").forEach((el) => el.classList.remove("picked"));
    document.querySelectorAll("h3 button").forEach((el) => el.setAttribute("aria-pressed", "false"));
    if (off) return;
    const section = button.closest(".source");
    button.setAttribute("aria-pressed", "true");
    doc.classList.add("picked");
    section.classList.add("chosen");
    section.querySelectorAll(":scope > ol > li, :scope > ul > li").forEach((li) => {
      const key = li.dataset.key;
      parts(key).forEach((el) => el.classList.add("chosen"));
      doc.querySelectorAll(`.ref[data-key="${key}"]`).forEach((el) => el.classList.add("chosen"));
    });
  }
  document.querySelectorAll(".source h3 .name").forEach((name) => {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-pressed", "false");
    button.title = "Show this source’s statements alone";
    name.replaceWith(button);
    button.append(name);
    button.addEventListener("click", () => choose(button.closest(".doc"), button));
  });
})();
