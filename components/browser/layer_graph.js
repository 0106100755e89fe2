// A layer graph: boxes and arrows at places that Python computed, in a window that zooms and pans.
// The graphs of a group share one scale and one height. The window scrolls as the browser does it, so touch, the wheel
// and the arrow keys pan; the mouse drags; ctrl + wheel, the buttons and + − 0 zoom.

const LEAST = 0.2
const MOST = 3
const STEP = 1.25
const HIGHEST = 460
const BAR = 39 // pixels of the line above the window

const STYLE = `
  .graph { border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius);
    background: var(--st-background-color); color: var(--st-text-color); font-family: var(--st-font); }
  .window { overflow: auto; border-radius: 0 0 var(--st-base-radius) var(--st-base-radius); cursor: grab; scrollbar-width: thin; }
  .window:active { cursor: grabbing; }
  .window:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
  .space { position: relative; margin: 0 auto; }
  .stage { position: absolute; left: 0; top: 0; transform-origin: 0 0; user-select: none; }
  svg { position: absolute; left: 0; top: 0; overflow: visible; }
  .line { fill: none; stroke: #7c8798; stroke-width: 1.75; }
  .head { fill: #7c8798; }
  .box { position: absolute; box-sizing: border-box; padding: 0 8px; display: flex; flex-direction: column;
    justify-content: center; gap: 2px; border: 1.25px solid #7c8798; border-radius: 9px;
    background: var(--st-secondary-background-color); }
  .input { border-style: dashed; background: var(--st-background-color); }
  .shared { border-color: var(--st-primary-color);
    box-shadow: 5px 5px 0 -1.25px var(--st-secondary-background-color), 5px 5px 0 0 var(--st-primary-color); }
  .first, .second { display: flex; justify-content: space-between; gap: 8px; font-size: 13.5px; line-height: 1.3;
    align-items: baseline; }
  .name { font-weight: 650; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .kind { flex: none; font-size: 12px; }
  .shape { font-family: var(--st-code-font); font-size: 12px; line-height: 1.3; overflow: hidden;
    text-overflow: ellipsis; white-space: nowrap; }
  .calls { flex: none; font-size: 12px; font-weight: 650; color: var(--st-primary-color); }
  .bar { display: flex; gap: 4px; align-items: center; padding: 5px 6px 5px 12px;
    border-bottom: 1px solid var(--st-border-color); }
  .title { flex: 1; font-size: 13px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
  button { font: inherit; font-size: 12.5px; min-width: 30px; height: 27px; padding: 0 7px; cursor: pointer;
    color: var(--st-text-color); background: var(--st-secondary-background-color);
    border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius); }
  button:hover { border-color: var(--st-primary-color); }
  button:focus-visible { outline: 2px solid var(--st-primary-color); }
  .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
`

// The graphs of each group, and the scale that the visitor chose (none: the one that a graph begins with).
const groups = new Map()

const make = (tag, name, text = "") => {
  const element = document.createElement(tag)
  element.className = name
  element.textContent = text
  return element
}

const draw = (tag, name, d) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag)
  element.setAttribute("class", name)
  element.setAttribute("d", d)
  return element
}

function boxOf(box, [width, height]) {
  const element = make("div", `box${box.input ? " input" : ""}${box.calls > 1 ? " shared" : ""}`)
  element.setAttribute("role", "listitem")
  element.title = `${box.name} (${box.kind}), output ${box.shape}`
  if (box.calls > 1) element.title += `: one layer with one set of weights, called ${box.calls} times`
  element.style.cssText = `left: ${box.x}px; top: ${box.y}px; width: ${width}px; height: ${height}px`
  const first = make("div", "first")
  first.append(make("span", "name", box.name), make("span", "kind", box.kind))
  const second = make("div", "second")
  second.append(make("span", "shape", box.shape))
  if (box.calls > 1) second.append(make("span", "calls", `called ${box.calls} ×`))
  element.append(first, second, make("span", "hidden", box.feeds))
  return element
}

function stageOf(data) {
  const stage = make("div", "stage")
  stage.setAttribute("role", "list")
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg")
  svg.setAttribute("width", data.size[0])
  svg.setAttribute("height", data.size[1])
  svg.setAttribute("aria-hidden", "true")
  for (const arrow of data.arrows) {
    const [x, y] = arrow.split(/[ CL]/).slice(-2).map(Number)
    svg.append(draw("path", "line", arrow), draw("path", "head", `M${x - 5} ${y - 9}L${x} ${y}L${x + 5} ${y - 9}Z`))
  }
  stage.append(svg, ...data.boxes.map((box) => boxOf(box, data.box)))
  return stage
}

// One graph on the page.
class Graph {
  constructor(parent, data) {
    this.data = data
    this.group = groups.get(data.group) ?? { graphs: new Set(), scale: null }
    groups.set(data.group, this.group)
    this.window = make("div", "window")
    this.window.tabIndex = 0
    this.window.setAttribute("role", "group")
    this.window.setAttribute("aria-label", `${data.alt}. Keys: plus and minus zoom, 0 fits, arrows pan.`)
    this.space = make("div", "space")
    this.stage = stageOf(data)
    this.space.append(this.stage)
    this.window.append(this.space)
    this.percent = this.button("100 %", "Scale 100 %", () => this.zoom(1))
    const bar = make("div", "bar")
    bar.append(
      make("span", "title", data.title),
      this.button("−", "Zoom out", () => this.zoom(this.scale / STEP)),
      this.percent,
      this.button("+", "Zoom in", () => this.zoom(this.scale * STEP)),
      this.button("Fit", "Fit the whole graph", () => this.fit()),
    )
    const root = make("div", "graph")
    root.append(bar, this.window)
    parent.replaceChildren(make("style", "", STYLE), root)
    this.listen()
    this.group.graphs.add(this)
    this.resized = new ResizeObserver(() => arrange(this.group))
    this.resized.observe(root)
    arrange(this.group)
  }

  button(text, label, press) {
    const button = make("button", "", text)
    button.type = "button"
    button.setAttribute("aria-label", `${label}: ${this.data.alt}`)
    button.title = label
    button.onclick = press
    return button
  }

  listen() {
    const view = this.window
    view.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return
      event.preventDefault()
      this.zoom(this.scale * Math.exp(-event.deltaY / 300), event)
    }, { passive: false })
    view.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      const acts = { "+": () => this.zoom(this.scale * STEP), "-": () => this.zoom(this.scale / STEP), 0: () => this.fit() }
      const act = acts[event.key === "=" ? "+" : event.key]
      if (!act) return
      event.preventDefault()
      act()
    })
    view.addEventListener("pointerdown", (event) => {
      if (event.pointerType !== "mouse" || event.button !== 0) return
      const from = { x: event.clientX + view.scrollLeft, y: event.clientY + view.scrollTop }
      const drag = (move) => view.scrollTo(from.x - move.clientX, from.y - move.clientY)
      const drop = () => view.removeEventListener("pointermove", drag)
      view.setPointerCapture(event.pointerId)
      view.addEventListener("pointermove", drag)
      view.addEventListener("lostpointercapture", drop, { once: true })
    })
  }

  // Zoom every graph of the group. The point below the mouse stays where it is; without a mouse, the middle.
  zoom(scale, mouse) {
    this.group.scale = Math.min(MOST, Math.max(LEAST, scale))
    for (const graph of this.group.graphs) graph.apply(this.group.scale, graph === this ? mouse : undefined)
  }

  fit() {
    this.zoom(Math.min(1, ...[...this.group.graphs].map(({ window: view, data }) =>
      Math.min(view.clientWidth / data.size[0], view.clientHeight / data.size[1]))))
  }

  apply(scale, mouse) {
    const view = this.window
    const box = view.getBoundingClientRect()
    const x = mouse ? mouse.clientX - box.left : view.clientWidth / 2
    const y = mouse ? mouse.clientY - box.top : view.clientHeight / 2
    const ratio = this.scale ? scale / this.scale : 1
    const to = [(view.scrollLeft + x) * ratio - x, (view.scrollTop + y) * ratio - y]
    this.scale = scale
    this.space.style.width = `${this.data.size[0] * scale}px`
    this.space.style.height = `${this.data.size[1] * scale}px`
    this.stage.style.transform = `scale(${scale})`
    this.percent.textContent = `${Math.round(100 * scale)} %`
    view.scrollTo(...to)
  }

  remove() {
    this.resized.disconnect()
    this.group.graphs.delete(this)
    if (!this.group.graphs.size) groups.delete(this.data.group)
  }
}

// The largest scale, up to 100 %, at which the graphs of a group are whole in windows that have a height of their own. In
// other windows they begin at 100 %, so that text can be read.
const fitting = (graphs) => Math.max(LEAST, Math.min(1, ...graphs.filter(({ data }) => data.height).map(
  ({ window: view, data }) => Math.min(view.clientWidth / data.size[0], (data.height - BAR) / data.size[1]))))

// Give the graphs of a group one scale and one height.
function arrange(group) {
  const graphs = [...group.graphs].filter(({ window: view }) => view.clientWidth)
  if (!graphs.length) return
  const scale = group.scale ?? fitting(graphs)
  const natural = Math.max(...graphs.map(({ data }) => data.size[1]))
  for (const graph of graphs) {
    graph.window.style.height = `${graph.data.height ? graph.data.height - BAR : Math.min(HIGHEST, natural)}px`
    const begins = graph.scale === undefined
    if (graph.scale !== scale) graph.apply(scale)
    if (begins) graph.window.scrollTo((graph.space.offsetWidth - graph.window.clientWidth) / 2, 0)
  }
}

const drawn = new WeakMap()

twoHeads.register("layer_graph", ({ data, parentElement }) => {
  const before = drawn.get(parentElement)
  if (before && JSON.stringify(before.data) === JSON.stringify(data)) return undefined
  before?.remove()
  const graph = new Graph(parentElement, data)
  drawn.set(parentElement, graph)
  return () => {
    graph.remove()
    if (drawn.get(parentElement) === graph) drawn.delete(parentElement)
  }
})
