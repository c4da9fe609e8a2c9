// The public page: it asks for its news by itself where no socket brings them, and its days are walked by arrow keys.
{
  const EVERY = 15000;
  const WITHIN = 10000;
  let waiting = 0;

  // Not at the same moment as everybody else.
  const again = () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, EVERY * (0.8 + Math.random() * 0.4));
  };

  // Only while somebody can see it. Whatever goes wrong, the page stays as it is, and its age says so.
  async function look() {
    again();
    if (document.hidden) return;
    try {
      const options = { redirect: "manual", cache: "no-store", headers: { Accept: "text/html" }, signal: AbortSignal.timeout(WITHIN) };
      const answer = await fetch("/status/now", options);
      const target = document.getElementById("status");
      const text = await answer.text();
      if (answer.ok) await htmx.swap({ sourceElement: target, target, swap: "outerMorph", text, transition: false });
    } catch {
      // The next look is never far.
    }
  }

  if (!document.body.dataset.live) {
    again();
    addEventListener("online", look);
    document.addEventListener("visibilitychange", () => document.hidden || look());
    // What the reader opened stays open.
    htmx.registerExtension("live", {
      htmx_before_morph_attr(element, { attrName }) {
        if (attrName === "open" && element.matches("details")) return false;
      },
    });
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
}
