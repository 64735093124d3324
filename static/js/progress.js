// data-again: parts of a page that tell how far some work has come. They are fetched anew every few
// seconds, and nothing else changes, so the focus stays where it is, until the work has ended: then
// the page says what came of it. Without a script there is a link to look again.
"use strict";

const EVERY = 3000; // milliseconds
const main = document.getElementById("main");
const parts = (page) => [...page.querySelectorAll("[data-again]")];

const show = (page) => {
  const [here, there] = [parts(document), parts(page)];
  if (there.length === here.length) {
    here.forEach((part, at) => part.replaceChildren(...there[at].childNodes));
    return;
  }
  const hadFocus = main.contains(document.activeElement);
  main.replaceChildren(...page.getElementById("main").childNodes);
  if (hadFocus) main.focus();
  document.getElementById("live").textContent = main.innerText.trim().split("\n", 3).join(" ");
};

const look = async () => {
  try {
    const answer = await fetch(location.href);
    if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    // The line is down for a moment: look again next time.
  }
  if (parts(document).length) setTimeout(look, EVERY);
};
setTimeout(look, EVERY);
