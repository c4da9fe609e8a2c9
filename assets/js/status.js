// The public page: it asks for its news by itself where no socket brings them, and its days are walked by arrow keys.
const EVERY = 15000;

const place = document.getElementById("status-place");

// Not at the same moment as everybody else, and only while somebody can see it.
function look() {
  if (!document.hidden) htmx.trigger(place, "status");
  setTimeout(look, EVERY * (0.8 + Math.random() * 0.4));
}

if (place?.hasAttribute("hx-get")) {
  setTimeout(look, EVERY * (0.8 + Math.random() * 0.4));
  document.addEventListener("visibilitychange", () => document.hidden || htmx.trigger(place, "status"));
}

const STEPS = { ArrowLeft: -1, ArrowRight: 1, PageUp: -7, PageDown: 7, Home: -Infinity, End: Infinity };

document.addEventListener("keydown", (event) => {
  const day = event.target.closest?.("[data-days] > *");
  const step = STEPS[event.key];
  if (!day || !step || event.altKey || event.ctrlKey || event.metaKey) return;
  const days = [...day.parentElement.children];
  const next = days[Math.min(days.length - 1, Math.max(0, days.indexOf(day) + step))];
  event.preventDefault();
  day.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
});
