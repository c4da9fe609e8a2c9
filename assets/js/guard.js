// Pieces are text and forms, never programs: a script tag in one is dropped before it reaches the page.
htmx.registerExtension("guard", {
  htmx_before_swap(element, detail) {
    for (const task of detail.tasks) {
      for (const script of task.fragment.querySelectorAll("script")) {
        script.remove();
      }
    }
  },
});
