// The increment of a running total and the rest of a breakdown, told while one types: of each
// figure of the page by itself. Without this script both are told once the figure is saved.
"use strict";

const language = document.documentElement.lang || "en";
const signs = new Intl.NumberFormat(language).formatToParts(-1234567.5);
const decimal = signs.find((part) => part.type === "decimal")?.value ?? ".";
const DIGITS = /[\u0660-\u0669\u06f0-\u06f9]/g;

// A number as the portal reads it, or NaN: this only shows, the portal decides.
const read = (text) => {
  const plain = text
    .trim()
    .replace(DIGITS, (digit) => digit.charCodeAt(0) & 0xf)
    .replace(/\u2212/g, "-")
    .replaceAll("\u066b", decimal);
  const [whole, part = ""] = plain.split(decimal);
  const joined = whole.replace(/[\s.,'’\u066c]/g, "");
  return /^[+-]?\d+$/.test(joined) && /^\d*$/.test(part) ? Number(`${joined}.${part || 0}`) : NaN;
};
const write = (number) =>
  new Intl.NumberFormat(language, { maximumFractionDigits: 6, signDisplay: "exceptZero" }).format(number);
// The field of a column of the whole; of a link's page it has the indicator before its name.
const field = (figure, column) => figure.querySelector(`[name="${column}"], [name$="-${column}"]`);

const tell = (figure) => {
  const increment = figure.querySelector("[data-increment]");
  const total = field(figure, "value") ?? field(figure, "numerator");
  const now = total ? read(total.value) : NaN;
  if (increment) {
    const step = now - Number(increment.dataset.previous);
    increment.textContent = Number.isNaN(step) ? "–" : write(step);
  }
  for (const rest of figure.querySelectorAll("[data-rest]")) {
    const inputs = rest.closest("fieldset").querySelectorAll("input.number");
    const parts = [...inputs].filter((input) => !/-denominator$/.test(input.name) && input.value.trim());
    const sum = parts.reduce((whole, input) => whole + read(input.value), 0);
    rest.textContent = parts.length && !Number.isNaN(now - sum) ? write(now - sum) : "–";
  }
};

for (const figure of document.querySelectorAll("[data-report]")) {
  figure.addEventListener("input", () => tell(figure));
  tell(figure);
}
