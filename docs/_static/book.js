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

// A picture that the page shows much smaller than it is opens in full: on a phone its words are tiny.
window.addEventListener("load", () => {
  for (const picture of document.querySelectorAll("article .cell_output img, article p > img")) {
    if (picture.closest("a") || picture.naturalWidth < 1.5 * picture.clientWidth) continue;
    const link = document.createElement("a");
    link.href = picture.src;
    picture.replaceWith(link);
    link.append(picture);
  }
});
