// Long forms are kept while they are written: on this device at once, on the portal every few
// seconds. Without this script the form saves when its button is pressed.
"use strict";

const form = document.querySelector("form[data-autosave]");
const status = form?.querySelector("[data-autosave-status]");
const EVERY = 4000; // milliseconds between saves on the portal
const UNTYPED = new Set(["csrfmiddlewaretoken", "version"]);
const key = form?.dataset.autosave;
let changed = false;
let saving = false;

// Files go with the button only.
const written = () => {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  return data;
};

const typed = () => JSON.stringify([...written()].filter(([name]) => !UNTYPED.has(name)));

const keep = () => {
  try {
    localStorage.setItem(key, typed());
  } catch {
    // No room or not allowed: the portal keeps it all the same.
  }
};

const forget = () => {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept.
  }
};

const save = async () => {
  if (!changed || saving) return;
  changed = false;
  saving = true;
  const sent = typed();
  try {
    const answer = await fetch(form.action || location.href, {
      method: "POST",
      body: written(),
      headers: { "X-Autosave": "1" },
      redirect: "error",
    });
    const said = await answer.json();
    status.textContent = said.text;
    if (answer.ok) {
      form.elements.version.value = said.version;
      if (sent === typed()) forget();
    }
  } catch {
    changed = true;
    status.textContent = form.dataset.offline;
  }
  saving = false;
};

// What was kept here and never reached the portal is offered, not forced.
const fill = (entries) => {
  for (const field of form.elements) {
    if (!field.name || UNTYPED.has(field.name)) continue;
    if (field.type === "submit" || field.type === "file") continue;
    const values = entries.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "checkbox" || field.type === "radio") {
      field.checked = values.includes(field.value);
    } else if (field.multiple) {
      for (const option of field.options) option.selected = values.includes(option.value);
    } else if (values.length) {
      [field.value] = values;
    }
  }
};

const button = (text, act) => {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn alt small";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
};

const offer = (kept) => {
  const note = document.createElement("div");
  note.className = "notice warn";
  note.setAttribute("role", "status");
  const text = document.createElement("p");
  text.textContent = form.dataset.unsent;
  const actions = document.createElement("div");
  actions.className = "actions";
  actions.append(
    button(form.dataset.restore, () => {
      fill(kept);
      changed = true;
      note.remove();
      form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
    }),
    button(form.dataset.discard, () => {
      forget();
      note.remove();
    }),
  );
  note.append(text, actions);
  form.before(note);
};

if (form) {
  try {
    const kept = localStorage.getItem(key);
    if (kept && kept !== typed()) offer(JSON.parse(kept));
    else forget();
  } catch {
    forget();
  }
  form.addEventListener("input", () => {
    changed = true;
    keep();
  });
  form.addEventListener("submit", () => {
    changed = false;
  });
  if (!("onlyHere" in form.dataset)) {
    setInterval(save, EVERY);
    document.addEventListener("visibilitychange", save);
  }
}
