// Keys and panels. Everything here is a shortcut: pages work without it, but for keys.
"use strict";

(() => {
  const find = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const seen = (element) => element && element.getClientRects().length > 0;

  // The physical key, so that a Chinese input method does not get in the way.
  const nameOf = (event) => {
    if (event.code === "Slash") return event.shiftKey || event.key === "?" ? "?" : "/";
    if (/^Key[A-Z]$/.test(event.code)) return event.code.slice(3).toLowerCase();
    if (/^(Digit|Numpad)\d$/.test(event.code)) return event.code.slice(-1);
    return event.key;
  };
  const typing = (target) =>
    target.closest("textarea, select, [contenteditable]") ||
    (target.tagName === "INPUT" && !["radio", "checkbox", "submit", "button"].includes(target.type));

  const openAct = (details) => {
    details.open = true;
    const field = find("input:not([type=hidden]):not([type=checkbox]):not([type=radio]), select, textarea", details);
    if (field) field.focus();
    details.scrollIntoView({ block: window.innerWidth < 768 ? "start" : "nearest" });
  };

  const press = (element) => {
    if (element.tagName === "SUMMARY") {
      const details = element.parentElement;
      if (details.open) details.open = false;
      else openAct(details);
    } else if (element.matches("input, textarea, select")) {
      element.focus();
      if (element.select) element.select();
    } else element.click();
  };

  const pickWay = (kind) => {
    const way = find(`.record [name=way][data-kind=${kind}]`);
    if (!way) return;
    way.checked = true;
    way.focus();
  };

  const pickOutcome = (digit) => {
    const outcome = all(`.record [data-digit="${digit}"]`).find((each) => seen(each.closest("fieldset")));
    if (!outcome) return false;
    outcome.checked = true;
    find(".record [data-record]").focus({ preventScroll: true });
    return true;
  };

  // Down and up a list: a table's row is its first link, another row what it marks.
  const stepTo = (by) => {
    const rows = all(".page table.list tbody tr, .page [data-row]")
      .map((each) => (each.matches("[data-row]") ? each : find("a", each))).filter(seen);
    const at = rows.indexOf(document.activeElement) + by;
    const row = rows[Math.min(Math.max(at, 0), rows.length - 1)];
    if (row) { row.focus(); row.scrollIntoView({ block: "nearest" }); }
    return Boolean(row);
  };

  let going = 0;
  document.addEventListener("keydown", (event) => {
    // Enter makes a line where there can be several; with Ctrl it sends what was written.
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea")) {
      event.preventDefault();
      event.target.form.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const dialog = find("dialog[open]");
    if (event.key === "Escape" && !dialog) {
      const details = event.target.closest && event.target.closest("details.act");
      if (details) details.open = false;
      if (document.activeElement) document.activeElement.blur();
      return;
    }
    if (typing(event.target) || dialog || event.repeat) return;
    const key = nameOf(event);
    const now = Date.now();
    if (now - going < 1500) {
      going = 0;
      const there = find(`[data-go="${key.toUpperCase()}"]`);
      if (there) { event.preventDefault(); there.click(); return; }
    }
    if (key === "g") { going = now; return; }
    if (/^\d$/.test(key) && pickOutcome(key)) { event.preventDefault(); return; }
    if (key === "c" && find(".record")) { event.preventDefault(); pickWay("call"); return; }
    if (key === "m" && find(".record")) { event.preventDefault(); pickWay("written"); return; }
    const marked = all(`[data-key="${key}"]`);
    const meant = marked.find(seen) || marked[0];
    if (meant) { event.preventDefault(); press(meant); return; }
    if ((key === "j" || key === "k") && stepTo(key === "j" ? 1 : -1)) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) { document.getElementById(opener.dataset.open).showModal(); return; }
    const acting = event.target.closest("[data-act]");
    if (acting) {
      const details = document.getElementById(`act-${acting.dataset.act}`);
      if (details) openAct(details);
      else { const note = document.getElementById(acting.dataset.act); if (note) { note.focus(); note.scrollIntoView({ block: "center" }); } }
      return;
    }
    if (event.target.tagName === "DIALOG") event.target.close(); // a click beside what floats
  });
  // One act at a time. (Details of one name would do it, but close themselves while a part of the page is exchanged.)
  document.addEventListener("toggle", (event) => {
    if (event.target.matches("details.act") && event.target.open) all("details.act[open]").forEach((each) => { if (each !== event.target) each.open = false; });
  }, true);
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  });
  // A list's address holds only what was asked for.
  document.addEventListener("submit", (event) => {
    if (!event.target.matches(".filters")) return;
    all("input, select", event.target).forEach((field) => { if (!field.value) field.disabled = true; });
  });

  // A panel opens at once and says that it is being made.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const panel = document.getElementById("panel");
    if (event.detail.target.id !== "panel-body" || panel.open) return;
    document.getElementById("panel-body").replaceChildren(document.getElementById("making").content.cloneNode(true));
    panel.showModal();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "panel-body") return;
    const panel = document.getElementById("panel");
    if (!panel.open) { event.detail.target.replaceChildren(); return; } // closed before it came
    const field = find("input:not([type=hidden])", panel);
    if (field) field.focus();
  });
  const panel = document.getElementById("panel");
  // What was revealed does not stay in the page.
  if (panel) panel.addEventListener("close", () => { document.getElementById("panel-body").replaceChildren(); });

  // The navigation is a list on the desk and a menu on the phone.
  const menu = find("[data-menu]");
  if (menu) {
    const wide = window.matchMedia("(min-width: 768px)");
    const fit = () => { menu.open = wide.matches; };
    wide.addEventListener("change", fit);
    fit();
  }
})();
