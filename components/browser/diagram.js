// The connectivity diagram of both styles: draws `data.picture`, highlights, pulls the box apart, and follows a run's clock.
const { html, svg, set } = twoHeads.svg
const { side: createSide, morph, neurons, tooltip, save, style } = twoHeads.diagram
const { floats } = twoHeads.numbers
const views = new WeakMap()
const played = new Set() // diagrams whose box has come apart by itself on this page load
const PARTS = /^(shared|outputs|weights|(output|weights)-\d+)$/
let made = 0

twoHeads.register("diagram", (component) => {
  const { parentElement } = component
  let view = views.get(parentElement)
  if (!view) views.set(parentElement, (view = create(parentElement)))
  view.update(component)
  return () => {
    view.leave()
    views.delete(parentElement)
  }
})

function create(parent) {
  const host = parent.host ?? parent
  const root = html("section", { class: "diagram" })
  const finding = html("h2", { "aria-live": "polite" })
  const keep = html("button", { class: "save", type: "button" }, icon("M12 4v10m-4-4l4 4l4-4M5 19h14"))
  const sides = html("div", { class: "sides" })
  const pill = html("button", { class: "pill", type: "button" })
  const words = html("p", { role: "status" })
  const select = html("select", { "aria-label": "Highlight a neuron" })
  const foot = html("div", { class: "foot" }, pill, words, html("label", { class: "choose" }, "Highlight a neuron", select))
  const legend = html("p", { class: "legend" })
  const tip = tooltip.create()
  const body = html("div", { class: "body" }, sides, foot) // where the sides are below each other, the button is above them
  root.append(html("div", { class: "head" }, finding, keep), body, legend, tip.node)
  parent.append(html("style", {}, style), root)

  const view = { id: `diagram-${++made}`, order: -1, picture: null, frames: null }
  let component, chosen = "", told = 0, drawn = [], width = 0, moves = null, clock = null, unsubscribe = null, decoded = [], between = null, family = ""

  // The highlighted neuron, or the part that a term of a formula stands for.
  view.focus = () => {
    if (PARTS.test(twoHeads.terms.part)) return { part: twoHeads.terms.part }
    const entry = view.picture.focusable[view.order]
    if (!entry) return null
    const at = entry.lastIndexOf(":")
    return { group: view.picture.groups.findIndex(({ name }) => name === entry.slice(0, at)), index: Number(entry.slice(at + 1)) }
  }
  view.ground = () => getComputedStyle(host).getPropertyValue("--st-background-color").trim() || "#ffffff"
  view.exact = (s, edge) => decoded[s][between.shown][edge.at]
  view.weight = (s, edge) => {
    const [from, to] = [decoded[s][between.from][edge.at], decoded[s][between.to][edge.at]]
    return between.share ? from + (to - from) * between.share : from
  }

  // Highlights a neuron, or none (-1) where it is highlighted already, and tells the server.
  view.choose = (order) => {
    highlight(order === view.order ? -1 : order)
    component.setStateValue("neuron", { neuron: chosen, turn: ++told })
  }

  function highlight(order) {
    view.order = order
    select.value = chosen = view.picture.focusable[order] ?? ""
    soften()
    for (const side of drawn) neurons.rove(side.neurons, Math.max(order, 0))
    paint()
    title()
  }

  // Edges change softly when the focus does; while weights move, each frame is a step of its own.
  function soften() {
    sides.classList.add("soft")
    setTimeout(() => sides.classList.remove("soft"), 250)
  }

  view.hover = (s, found) => {
    if (!found) return tip.hide()
    const side = drawn[s]
    const [box, frame] = [side.root.getBoundingClientRect(), root.getBoundingClientRect()]
    const [x, y] = found.neuron ? [found.neuron.x, found.neuron.y - found.neuron.r] : found.at
    const lines = found.neuron
      ? tooltip.ofNeuron(view.picture, found.neuron, s, neurons.title(view.picture.groups[found.neuron.group], found.neuron.index))
      : tooltip.ofEdge(view.picture, found.edge, view.frames && view.exact(s, found.edge), neurons.title)
    return tip.show(lines, box.x - frame.x + x, box.y - frame.y + y, frame.width)
  }

  function title() {
    const { picture, order, frames } = view
    const found = order < 0 ? picture.finding : picture.findings[order]
    const epoch = frames && frames.epochs[between.shown]
    const sentence = frames ? `${epoch ? `After epoch ${epoch}` : "Before training"}: ${found}` : found
    if (finding.textContent !== sentence) finding.textContent = sentence
  }

  function paint() {
    for (const side of drawn) side.paint()
  }

  function build() {
    const { picture } = view
    family = getComputedStyle(root).fontFamily
    sides.replaceChildren(html("div"), html("div"))
    drawn = [0, 1].map((s) => createSide(view, s, Math.floor(sides.children[s].getBoundingClientRect().width) || 300, family))
    drawn.forEach((side, s) => sides.children[s].append(side.root))
    const { side: own } = picture.morph
    drawn.forEach((side, s) => { if (s !== own) side.part(picture.sides[s].fused ? 0 : 1) })
    if (own !== null) moved(moves.t, false)
    for (const side of drawn) neurons.rove(side.neurons, Math.max(view.order, 0))
    paint()
    width = sides.getBoundingClientRect().width
  }

  function moved(t, moving) {
    drawn[view.picture.morph.side].part(t, moving)
    say()
  }

  function say() {
    const { morph: told } = view.picture
    const apart = moves?.goal === 1
    pill.hidden = told.side === null
    const label = apart ? told.together : told.apart
    if (pill.title !== label) {
      pill.title = label
      pill.replaceChildren(icon(apart ? "M7 4h10v16H7z" : "M7 3h10v7H7zM7 14h10v7H7z", 16), label)
    }
    const sentence = apart ? told.after : (twoHeads.reducedMotion() && told.still) || told.before
    if (words.textContent !== sentence) words.textContent = sentence
  }

  pill.addEventListener("click", () => moves.go(moves.goal === 1 ? 0 : 1))
  select.addEventListener("change", () => {
    const order = view.picture.focusable.indexOf(select.value)
    if (order !== view.order) view.choose(order < 0 ? view.order : order)
  })
  root.addEventListener("keydown", (event) => { if (event.key === "Escape") tip.hide() })
  keep.addEventListener("click", () => {
    const look = { ground: view.ground(), text: getComputedStyle(root).color, family }
    save(finding.textContent, drawn.map(({ root }) => root), look, component.data.format, component.data.file)
  })

  // The frames around the clock's epoch, and the one that numbers belong to.
  function follow() {
    const { epochs } = view.frames
    const time = clock?.last ? clock : null // a clock without frames knows nothing yet
    const wanted = time ? time.epoch : component.data.epoch ?? epochs.at(-1)
    const after = epochs.findIndex((epoch) => epoch >= wanted)
    const to = after < 0 ? epochs.length - 1 : after
    const from = epochs[to] > wanted && to > 0 ? to - 1 : to
    const share = from === to ? 0 : (wanted - epochs[from]) / (epochs[to] - epochs[from])
    const named = epochs.indexOf(time?.shown)
    const shown = named >= 0 ? named : share > 0.5 ? to : from
    const still = !time?.playing && (time?.resting ?? true)
    between = still ? { from: shown, to: shown, share: 0, shown } : { from, to, share, shown }
    set(finding, { "aria-live": still ? "polite" : "off" })
  }

  function listen() {
    unsubscribe?.()
    unsubscribe = clock = null
    if (!view.frames || !component.data.run || !twoHeads.playback) return
    clock = twoHeads.playback(component.data.run)
    unsubscribe = clock.subscribe(() => {
      if (!drawn.length) return
      follow()
      paint()
      title()
    })
  }

  let known = ""
  view.update = (next) => {
    const { data } = (component = next)
    const text = JSON.stringify([data.picture, data.frames, data.run])
    const changed = text !== known
    if (changed) {
      known = text
      drawn = []
      view.picture = data.picture
      view.frames = data.frames ?? null
      decoded = view.frames ? [view.frames.left, view.frames.right].map((side) => side.map((frame) => floats(frame, view.frames.halves))) : []
      moves?.stop()
      moves = morph.create(moves?.goal && data.picture.morph.side !== null ? 1 : 0, moved)
      const options = view.picture.focusable.map((entry, i) => html("option", { value: entry }, name(i)))
      select.replaceChildren(html("option", { value: "" }, "none"), ...options)
      legend.textContent = [...view.picture.legend, ...(view.frames?.legend ?? [])].join(" ")
      listen()
    }
    if (view.frames) follow()
    set(keep, { title: `Save as ${data.format.toUpperCase()}`, "aria-label": `Save the diagram as ${data.format.toUpperCase()}` })
    // A choice made here is newer than data that were sent before it.
    if (data.turn >= told) [chosen, told] = [data.neuron, data.turn]
    view.order = view.picture.focusable.indexOf(chosen)
    select.value = view.order < 0 ? "" : chosen
    if (changed) build()
    else paint()
    say()
    title()
    if (data.play && !played.has(data.file) && view.picture.morph.side !== null && !twoHeads.reducedMotion()) start(data.file)
  }

  const name = (order) => {
    const entry = view.picture.focusable[order]
    const at = entry.lastIndexOf(":")
    return neurons.title(view.picture.groups.find((group) => group.name === entry.slice(0, at)), Number(entry.slice(at + 1)))
  }

  // Pulls the box apart once, when it has come into view.
  function start(file) {
    played.add(file)
    const seen = new IntersectionObserver(([entry]) => {
      if (!entry.isIntersecting) return
      seen.disconnect()
      setTimeout(() => moves.go(1), 700)
    }, { threshold: 0.6 })
    seen.observe(sides)
  }

  const watch = new ResizeObserver(() => {
    if (drawn.length && Math.abs(sides.getBoundingClientRect().width - width) >= 1) build()
  })
  watch.observe(sides)
  const ignoreTerms = twoHeads.terms.subscribe(() => {
    if (!drawn.length) return
    soften()
    paint()
  })
  const ignoreFonts = twoHeads.onFont(() => { if (drawn.length) build() })

  view.leave = () => {
    watch.disconnect()
    ignoreFonts()
    ignoreTerms()
    unsubscribe?.()
    moves?.stop()
  }
  return view
}

function icon(path, size = 20) {
  const drawn = svg("path", { d: path, fill: "none", stroke: "currentColor", "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round" })
  return svg("svg", { width: size, height: size, viewBox: "0 0 24 24", "aria-hidden": "true" }, drawn)
}
