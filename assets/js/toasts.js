// Toasts: at most three at once, one on a phone; each shown to a person once however many pages are open, and none gone too
// soon.
const LEAST_MS = 8000;
const MS_A_CHARACTER = 80; // Slow readers manage twelve a second.
const TICK_MS = 250;
const REMEMBERED = 200;
const SHOWN_KEY = "farol.shown";

const region = document.getElementById("toasts");
const queue = document.getElementById("toasts-waiting");
const pages = new BroadcastChannel("farol.shown");

const epoch = () => (document.getElementById("cursor").dataset.cursor ?? document.body.dataset.cursor).split(".")[0];
const most = () => (matchMedia("(max-width: 599px)").matches ? 1 : 3);
const nameOf = (toast) => `${epoch()}.${toast.dataset.seq}`;
const shown = () => JSON.parse(localStorage.getItem(SHOWN_KEY) ?? "[]");

// True once for each toast in this browser.
function claim(toast) {
  const names = shown();
  const name = nameOf(toast);
  if (names.includes(name)) return false;
  localStorage.setItem(SHOWN_KEY, JSON.stringify([...names, name].slice(-REMEMBERED)));
  pages.postMessage(name);
  document.dispatchEvent(new CustomEvent("live:seen", { detail: toast.dataset.seq }));
  return true;
}

let next = 0;

// The page somebody works in goes first; one that is only visible waits a moment for it, a hidden one until it is seen.
function soon() {
  clearTimeout(next);
  if (!document.hidden && queue.childElementCount) next = setTimeout(inTurn, document.hasFocus() ? 0 : 300 + Math.random() * 300);
}

// Two pages that look at the same moment must not both find it unseen. Browsers lock on safe addresses only.
function inTurn() {
  if (navigator.locks) navigator.locks.request(SHOWN_KEY, show);
  else show();
}

function show() {
  for (const toast of [...queue.children]) {
    if (region.childElementCount >= most()) return;
    if (!claim(toast)) {
      toast.remove();
      continue;
    }
    toast.dataset.stay = Math.max(LEAST_MS, toast.textContent.trim().length * MS_A_CHARACTER);
    region.append(toast);
  }
}

function close(toast) {
  if (toast.classList.contains("is-going")) return;
  toast.classList.add("is-going");
  const focused = toast.contains(document.activeElement);
  const neighbour = toast.nextElementSibling ?? toast.previousElementSibling;
  const gone = () => {
    toast.remove();
    if (focused) (neighbour?.querySelector("button") ?? document.getElementById("content")).focus();
    soon();
  };
  const going = toast.getAnimations();
  if (going.length) Promise.allSettled(going.map(({ finished }) => finished)).then(gone);
  else gone();
}

// Nobody's time runs out while they read, or look elsewhere.
setInterval(() => {
  if (document.hidden || region.matches(":hover, :focus-within")) return;
  for (const toast of region.children) {
    toast.dataset.stay -= TICK_MS;
    if (toast.dataset.stay <= 0) close(toast);
  }
}, TICK_MS);

region.addEventListener("click", ({ target }) => {
  if (target.closest(".toast-close")) close(target.closest(".toast"));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector(":popover-open, dialog[open]")) return;
  const toast = document.activeElement?.closest(".toast") ?? region.lastElementChild;
  if (toast) close(toast);
});

pages.addEventListener("message", ({ data }) => {
  for (const toast of [...queue.children]) if (nameOf(toast) === data) toast.remove();
});

document.addEventListener("htmx:after:swap", soon);
document.addEventListener("visibilitychange", soon);
addEventListener("focus", soon);
