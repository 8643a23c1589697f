// The steps of the figure's zoom work in place: what stands in the middle stays there.
const figure = document.getElementById("schaubild");
const links = [...document.querySelectorAll("[data-zoom]")];

function middle() {
  return [
    (figure.scrollLeft + figure.clientWidth / 2) / figure.scrollWidth,
    (figure.scrollTop + figure.clientHeight / 2) / figure.scrollHeight,
  ];
}

function show(step) {
  const [right, down] = middle();
  figure.className = `figure-scroll zoom-${step}`;
  for (const link of links) {
    if (link.dataset.zoom === step) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  figure.scrollLeft = right * figure.scrollWidth - figure.clientWidth / 2;
  figure.scrollTop = down * figure.scrollHeight - figure.clientHeight / 2;
}

for (const link of links) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    show(link.dataset.zoom);
    history.replaceState(null, "", link.href);
  });
}
