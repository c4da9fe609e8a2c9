// The health feed: a new line enters on top only while the reader is there; otherwise it waits behind a button.
const MOST = 200;

const place = document.querySelector("[data-feed]");
const more = place.querySelector(".feed-new");
const pause = document.querySelector("[data-feed-pause]");
const lights = document.querySelector("[data-feed-lights]");
const bar = document.querySelector(".bar");

const lines = () => [...place.querySelectorAll(".fact")];
const known = new Set(lines().map(({ id }) => id));
const held = new Set();
let paused = false;

const shown = (line) => !place.dataset.show || line.dataset.light === place.dataset.show;
const atTop = () => place.scrollTop < 8 && place.getBoundingClientRect().top >= (bar?.offsetHeight ?? 0) - 8;

function sync() {
  const waits = paused || !atTop();
  const all = lines();
  for (const line of all) {
    if (!known.has(line.id) && waits) held.add(line.id);
    known.add(line.id);
    line.classList.toggle("is-held", held.has(line.id));
  }
  all.slice(MOST).forEach((line) => line.remove());
  const waiting = all.filter((line) => held.has(line.id) && shown(line)).length;
  more.hidden = waiting === 0;
  const words = waiting === 1 ? place.dataset.one : place.dataset.many;
  const told = more.querySelector("span");
  const text = words.replace(/\d+/, waiting);
  // What is written here is seen as a change, too.
  if (told.textContent !== text) told.textContent = text;
}

function letIn() {
  held.clear();
  sync();
  place.scrollTop = 0;
  if (!atTop()) place.scrollIntoView({ block: "start" });
}

more.querySelector("button").addEventListener("click", letIn);

pause?.addEventListener("click", () => {
  paused = !paused;
  pause.setAttribute("aria-pressed", paused);
  if (!paused) letIn();
});

lights?.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  place.dataset.show = link.dataset.show;
  for (const one of lights.children) {
    if (one === link) one.setAttribute("aria-current", "true");
    else one.removeAttribute("aria-current");
  }
  sync();
});

// Lines come one by one, and all anew after a lost link.
new MutationObserver(sync).observe(place, { childList: true, subtree: true, attributeFilter: ["class"] });
