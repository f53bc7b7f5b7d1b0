// Mends what screen readers and keyboards stumble over in the theme's pages.

document.addEventListener("DOMContentLoaded", () => {
  // The button reads "Search Ctrl + K"; its label hides that.
  for (const button of document.querySelectorAll(".search-button-field")) button.removeAttribute("aria-label");
  for (const slider of document.querySelectorAll(".anim-slider")) slider.ariaLabel = "Picture of the film";
});

// A formula that is wider than the page scrolls: the keyboard must reach it to do so.
window.addEventListener("load", async () => {
  await window.MathJax?.startup?.promise;
  const mark = () => {
    for (const formula of document.querySelectorAll("mjx-container[display]")) {
      if (formula.scrollWidth > formula.clientWidth) formula.tabIndex = 0;
      else formula.removeAttribute("tabindex");
    }
  };
  mark();
  window.addEventListener("resize", mark);
});
