// The answer at the top of Compare: two lines of words, of which some are links.
// A link to the diagram scrolls there and lets it glow; Python follows all others, where they do not open a tab of their own.
const CSS = `
  .answer { --th-hue: var(--st-primary-color);
    --th-edge: color-mix(in srgb, var(--th-hue) 45%, transparent);
    --th-ground: color-mix(in srgb, var(--th-hue) 7%, transparent);
    border: 1px solid var(--th-edge); border-radius: var(--st-base-radius); background: var(--th-ground);
    padding: 0.7rem 1.1rem 0.75rem; font-family: var(--st-font); color: var(--st-text-color); }
  .answer.no { --th-hue: var(--st-orange-color); }
  p { margin: 0; line-height: 1.5; }
  p.lead { font-size: 1.12rem; font-weight: 650; }
  p + p { margin-top: 0.15rem; }
  a { color: inherit; text-decoration: underline; text-decoration-thickness: 1.5px; text-underline-offset: 3px;
    text-decoration-color: color-mix(in srgb, currentColor 45%, transparent); cursor: pointer; }
  p.lead a { color: var(--st-link-color); }
  a[target="_blank"]::after { content: "\\00a0↗"; content: "\\00a0↗" / " (opens a new tab)"; display: inline-block; font-size: 0.85em; }
  a:hover { text-decoration-color: currentColor; }
  a:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; border-radius: 3px; }
`

const PATIENCE = 15000 // milliseconds in which another page draws its claims

const glow = (target) => {
  if (!target) return
  const still = window.twoHeads.reducedMotion()
  target.scrollIntoView({ behavior: still ? "auto" : "smooth", block: "center" })
  const colour = getComputedStyle(document.body).getPropertyValue("--st-primary-color") || "#222a6b"
  target.animate(
    [{ boxShadow: `0 0 0 3px ${colour}` }, { boxShadow: "0 0 0 3px transparent" }],
    { duration: still ? 1 : 1600, easing: "ease-in" },
  )
}

// Calls `then` with the element of that id as soon as the page has one.
const whenDrawn = (id, then) => {
  const look = () => {
    const found = document.getElementById(id)
    if (!found) return
    watch.disconnect()
    then(found)
  }
  const watch = new MutationObserver(look)
  watch.observe(document.body, { childList: true, subtree: true })
  setTimeout(() => watch.disconnect(), PATIENCE)
  look()
}

window.twoHeads.register("answer", ({ data, parentElement, setTriggerValue }) => {
  const card = document.createElement("section")
  card.className = `answer ${data.verdict === "impossible" || data.verdict === "different" ? "no" : "yes"}`
  card.setAttribute("role", "status")
  data.lines.forEach((line, i) => {
    const paragraph = document.createElement("p")
    if (i === 0) paragraph.className = "lead"
    for (const { text, place, href, anchor } of line) {
      if (!place) {
        paragraph.append(text)
        continue
      }
      const link = document.createElement("a")
      link.textContent = text
      link.href = href
      const apart = data.apart && place !== "diagram"
      if (apart) Object.assign(link, { target: "_blank", rel: "noopener" })
      link.onclick = (event) => {
        if (apart || event.metaKey || event.ctrlKey || event.shiftKey) return // another tab
        event.preventDefault()
        if (place === "diagram") {
          glow(document.querySelector(data.diagram))
          return
        }
        setTriggerValue("place", place)
        if (anchor) whenDrawn(anchor, glow)
      }
      paragraph.append(link)
    }
    card.append(paragraph)
  })
  const style = document.createElement("style")
  style.textContent = CSS
  parentElement.replaceChildren(style, card)
})
