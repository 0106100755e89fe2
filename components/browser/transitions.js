// Two fixes for Plotly charts: an old chart stays visible until the new one is drawn, and touching a chart scrolls.
// Streamlit mounts a Plotly chart again whenever its figure changes, whatever its key (streamlit #8782), and the page is
// blank in between. So a picture of the old chart covers the new one until that is drawn. Only charts with a key have
// one. Plotly handles every touch as a drag, which blocks scrolling; without the handler below a tap is a click.
const key = (node) => [...(node.classList ?? [])].find((name) => name.startsWith("st-key-"))
const drawn = (node) => node.querySelector(".main-svg")

const keep = (old, next) => {
  const picture = document.createElement("div")
  picture.setAttribute("aria-hidden", "true")
  picture.style.cssText = "position: absolute; inset: 0; pointer-events: none"
  for (const svg of old.querySelectorAll(".main-svg")) {
    const copy = svg.cloneNode(true)
    copy.style.cssText += "; position: absolute; inset: 0"
    picture.append(copy)
  }
  next.style.position = "relative"
  next.append(picture)
  const leave = () => { watch.disconnect(); picture.remove() }
  const watch = new MutationObserver(() => { if (next.querySelector(".js-plotly-plot .main-svg")) leave() })
  watch.observe(next, { childList: true, subtree: true })
  setTimeout(leave, 5000)
}

const transitions = new MutationObserver((records) => {
  for (const { target, addedNodes, removedNodes } of records) {
    for (const node of [...addedNodes, ...removedNodes]) {
      const name = key(node)
      if (!name) continue
      const same = [...target.children].filter((other) => other.classList.contains(name))
      const next = same.find((other) => !drawn(other))
      const old = [...same, node].find(drawn)
      if (next && old) keep(old, next)
    }
  }
})
transitions.observe(document, { childList: true, subtree: true })

const touched = (event) => { if (event.target.closest?.(".js-plotly-plot .draglayer")) event.stopPropagation() }
document.addEventListener("touchstart", touched, { capture: true, passive: true })
