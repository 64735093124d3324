// After "@" and two letters the portal is asked whom one may mean. Arrows choose, Enter or Tab
// takes, Escape closes. Without this script one types the name in addresses oneself.
"use strict";

const place = document.querySelector("[data-naming]");
const area = place?.closest("form").querySelector("textarea");
const WAIT = 250; // milliseconds without a key, so that a slow line is asked rarely
const BEGUN = /(?:^|[\s(])@([\p{L}\p{N}-]{2,40})$/u;
const list = document.createElement("ul");
let timer = 0;
let asked = "";
let chosen = 0;

const begun = () => area.value.slice(0, area.selectionStart).match(BEGUN)?.[1] ?? "";

const choose = (number) => {
  chosen = (number + list.children.length) % list.children.length;
  [...list.children].forEach((each, index) => {
    each.setAttribute("aria-selected", String(index === chosen));
  });
  area.setAttribute("aria-activedescendant", list.children[chosen].id);
};

const close = () => {
  list.hidden = true;
  list.replaceChildren();
  area.removeAttribute("aria-activedescendant");
};

const take = (option) => {
  const start = area.selectionStart - begun().length;
  area.setRangeText(`${option.dataset.slug} `, start, area.selectionStart, "end");
  close();
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
};

const show = (people) => {
  close();
  people.forEach((person, index) => {
    const option = document.createElement("li");
    option.id = `naming-${index}`;
    option.dataset.slug = person.slug;
    option.setAttribute("role", "option");
    const name = document.createElement("bdi");
    name.textContent = person.name;
    const handle = document.createElement("bdi");
    handle.className = "muted";
    handle.dir = "ltr";
    handle.textContent = `@${person.slug}`;
    option.append(name, " ", handle);
    list.append(option);
  });
  if (!people.length) return;
  list.hidden = false;
  document.getElementById("live").textContent = place.dataset.label;
  choose(0);
};

const ask = async () => {
  asked = begun();
  if (!asked) return close();
  const word = asked;
  try {
    const answer = await fetch(`${place.dataset.naming}?q=${encodeURIComponent(word)}`);
    if (answer.ok && word === begun()) show((await answer.json()).people);
  } catch {
    close(); // away from the line: one writes the name oneself
  }
};

if (area) {
  list.className = "naming";
  list.id = "naming";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", place.dataset.label);
  area.after(list);
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-controls", "naming");
  area.setAttribute("aria-haspopup", "listbox");
  area.addEventListener("input", () => {
    clearTimeout(timer);
    if (begun()) timer = setTimeout(ask, WAIT);
    else close();
  });
  area.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const { key } = event;
    if (key === "ArrowDown") choose(chosen + 1);
    else if (key === "ArrowUp") choose(chosen - 1);
    else if (key === "Enter" || key === "Tab") take(list.children[chosen]);
    else if (key === "Escape") close();
    else return;
    event.preventDefault();
  });
  area.addEventListener("blur", () => setTimeout(close, 150));
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const option = event.target.closest("li");
    if (option) take(option);
  });
}
