// Comfort on top of pages that work without it. One listener a kind, on the document, so that
// parts swapped in later need no set-up.
"use strict";

// The error summary takes the focus, so that a screen reader starts there.
document.querySelector("[data-focus]")?.focus();

// A link of the summary leads to the field itself, with its label in view.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".summary a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  (field.closest("fieldset") ?? field.closest(".field") ?? field).scrollIntoView();
  field.focus({ preventScroll: true });
});

// Menus close on a click elsewhere, on Escape (the focus goes back) and when the focus leaves.
const closeMenus = (except) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
};
document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("focusin", (event) => closeMenus(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest("details.menu[open]");
  closeMenus();
  menu?.querySelector("summary").focus();
});

// <a href="/page-that-asks/" data-dialog="id"> opens the dialog of that id instead of the page.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog?.showModal) {
    event.preventDefault();
    dialog.showModal();
  }
  const closer = event.target.closest("[data-close]");
  if (closer) {
    event.preventDefault();
    closer.closest("dialog")?.close();
  }
});

// data-open-wide: groups that start closed on a small screen, where they would push the list down.
if (matchMedia("(min-width: 54rem)").matches) {
  for (const group of document.querySelectorAll("[data-open-wide]")) group.open = true;
}

// data-enhance: a filter form fetches htmx, named there, once somebody touches the form; what
// was changed while it was under way is sent when it is here.
const enhance = (event) => {
  const form = event.target.closest?.("[data-enhance]");
  if (!form) return;
  if (event.type === "change") form.dataset.changed = "";
  if (form.dataset.enhancing || window.htmx) return;
  form.dataset.enhancing = "yes";
  const script = document.createElement("script");
  script.src = form.dataset.enhance;
  script.onload = () => {
    form.removeAttribute("data-enhance");
    if ("changed" in form.dataset) form.requestSubmit();
  };
  document.head.append(script);
};
for (const type of ["focusin", "pointerover", "change"]) document.addEventListener(type, enhance);

// Groups that htmx swaps stay open, closed and scrolled as the reader left them.
const groupsBefore = new Map();
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  for (const group of event.detail.target.querySelectorAll("[data-facet]")) {
    groupsBefore.set(group.dataset.facet, [group.open, group.querySelector("ul").scrollTop]);
  }
});
document.addEventListener("htmx:oobAfterSwap", () => {
  for (const group of document.querySelectorAll("[data-facet]")) {
    const [open, top] = groupsBefore.get(group.dataset.facet) ?? [group.open, 0];
    group.open = open;
    group.querySelector("ul").scrollTop = top;
  }
});

// A second press of the same button within a second is taken for a slip.
const sentAt = new WeakMap();
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (Date.now() - (sentAt.get(form) ?? 0) < 1000) event.preventDefault();
  else sentAt.set(form, Date.now());
});

// data-submits: a select that sends its form; its button stays for those without a script.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});

// data-print: a button that prints; it is hidden where there is no script.
for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// data-copy: a button that copies the text of the element it names; hidden without a clipboard.
const live = document.getElementById("live");
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
}
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const text = document.getElementById(button.dataset.copy).textContent;
  await navigator.clipboard.writeText(text.trim().replace(/\s+/g, " "));
  live.textContent = button.dataset.copied;
});

// After htmx swapped results in, say what is there now: the text of [data-announce].
const announce = () => {
  const text = document.querySelector("[data-announce]")?.textContent.trim().replace(/\s+/g, " ");
  if (text && live) live.textContent = text;
};
document.addEventListener("htmx:afterSettle", announce);
