// @ts-check
// A layer graph: boxes and arrows in a window that zooms and pans.
// The graphs of a group share one scale and one height. The browser itself scrolls the window, so touch, the wheel and
// the arrow keys pan; the mouse drags; ctrl + wheel and the buttons zoom.
import { clamp } from "./numbers.js"
import { html, svg } from "./svg.js"
import { rendererOf } from "./view.js"

/**
 * A layer: its place, its texts, how often it is called, and which layers read it.
 * @typedef {object} Box
 * @property {number} x
 * @property {number} y
 * @property {string} name
 * @property {string} kind
 * @property {string} shape
 * @property {number} calls
 * @property {boolean} input
 * @property {string} feeds
 */
/**
 * A graph. `arrows` are the paths of lines, `size` is that of the graph, and `box` that of each box. `height` is that
 * of the window, if it has one of its own.
 * @typedef {object} Data
 * @property {string} alt
 * @property {string} title
 * @property {string} group
 * @property {number | null} height
 * @property {[width: number, height: number]} size
 * @property {[width: number, height: number]} box
 * @property {Box[]} boxes
 * @property {string[]} arrows
 */

const LEAST = 0.2
const MOST = 3
const STEP = 1.25
const HIGHEST = 460
const BAR = 39 // pixels of the line above the window

const STYLE = `
  .graph { border: 1px solid var(--st-border-color); border-radius: var(--radius);
    background: var(--st-background-color); color: var(--st-text-color); font-family: var(--st-font); }
  .window { overflow: auto; border-radius: 0 0 var(--radius) var(--radius); cursor: grab; scrollbar-width: thin; }
  .window:active { cursor: grabbing; }
  .window:focus-visible { outline: var(--focus); outline-offset: 2px; }
  .space { position: relative; margin: 0 auto; }
  .stage { position: absolute; left: 0; top: 0; transform-origin: 0 0; user-select: none; }
  svg { position: absolute; left: 0; top: 0; overflow: visible; }
  .line { fill: none; stroke: var(--neutral); stroke-width: 1.75; }
  .head { fill: var(--neutral); }
  .box { position: absolute; box-sizing: border-box; padding: 0 var(--space-2); display: flex; flex-direction: column;
    justify-content: center; gap: 2px; border: 1.25px solid var(--neutral); border-radius: var(--radius);
    background: var(--st-secondary-background-color); }
  .input { border-style: dashed; background: var(--st-background-color); }
  .shared { border-color: var(--st-primary-color);
    box-shadow: 5px 5px 0 -1.25px var(--st-secondary-background-color), 5px 5px 0 0 var(--st-primary-color); }
  .first, .second { display: flex; justify-content: space-between; gap: var(--space-2); font-size: var(--font-small); line-height: 1.3;
    align-items: baseline; }
  .name { font-weight: 650; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .kind { flex: none; font-size: var(--font-tiny); }
  .shape { font-family: var(--st-code-font); font-size: var(--font-tiny); line-height: 1.3; overflow: hidden;
    text-overflow: ellipsis; white-space: nowrap; }
  .calls { flex: none; font-size: var(--font-tiny); font-weight: 650; color: var(--st-primary-color); }
  .bar { display: flex; gap: var(--space-1); align-items: center; padding: var(--space-1) var(--space-2) var(--space-1) var(--space-3);
    border-bottom: 1px solid var(--st-border-color); }
  .title { flex: 1; font-size: var(--font-small); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
  button { font: inherit; font-size: var(--font-small); min-width: 30px; height: 27px; padding: 0 var(--space-2); cursor: pointer;
    color: var(--st-text-color); background: var(--st-secondary-background-color);
    border: 1px solid var(--st-border-color); border-radius: var(--radius); }
  button:hover { border-color: var(--st-primary-color); }
  button:focus-visible { outline: var(--focus); }
  .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
`

/**
 * Graphs with one scale. `scale` is the one that the visitor chose, null for the one that a graph begins with.
 * @typedef {{ graphs: Set<Graph>, scale: number | null }} Group
 */

/** @type {Map<string, Group>} */
const groups = new Map()

/** One graph on the page. */
class Graph {
  /** @type {number | undefined} */
  scale
  window
  space = html("div", { class: "space" })
  #percent
  #stage
  #resized

  /**
   * @param {Place} parent
   * @param {Data} data
   */
  constructor(parent, data) {
    this.data = data
    this.group = groups.get(data.group) ?? { graphs: new Set(), scale: null }
    groups.set(data.group, this.group)
    this.window = html("div", { class: "window", tabindex: 0, role: "group", "aria-label": data.alt }, this.space)
    this.#stage = stageOf(data)
    this.space.append(this.#stage)
    this.#percent = this.#button("100 %", "Scale 100 %", () => this.zoom(1))
    const bar = html(
      "div",
      { class: "bar" },
      html("span", { class: "title" }, data.title),
      this.#button("−", "Zoom out", () => this.zoomBy(1 / STEP)),
      this.#percent,
      this.#button("+", "Zoom in", () => this.zoomBy(STEP)),
      this.#button("Fit", "Fit the whole graph", () => this.fit()),
    )
    const root = html("div", { class: "graph" }, bar, this.window)
    parent.replaceChildren(html("style", {}, STYLE), root)
    this.#listen()
    this.group.graphs.add(this)
    this.#resized = new ResizeObserver(() => arrange(this.group))
    this.#resized.observe(root)
    arrange(this.group)
  }

  /**
   * Zooms every graph of the group. The point below the mouse stays where it is; without a mouse, the middle.
   * @param {number} scale
   * @param {MouseEvent} [mouse]
   */
  zoom(scale, mouse) {
    this.group.scale = clamp(scale, LEAST, MOST)
    for (const graph of this.group.graphs) graph.apply(this.group.scale, graph === this ? mouse : undefined)
  }

  /**
   * @param {number} factor
   * @param {MouseEvent} [mouse]
   */
  zoomBy(factor, mouse) {
    if (this.scale) this.zoom(this.scale * factor, mouse)
  }

  fit() {
    const scales = [...this.group.graphs].map(({ window: { clientWidth, clientHeight }, data: { size } }) =>
      Math.min(clientWidth / size[0], clientHeight / size[1]),
    )
    this.zoom(Math.min(1, ...scales))
  }

  /**
   * @param {number} scale
   * @param {MouseEvent} [mouse]
   */
  apply(scale, mouse) {
    const view = this.window
    const box = view.getBoundingClientRect()
    const x = mouse ? mouse.clientX - box.left : view.clientWidth / 2
    const y = mouse ? mouse.clientY - box.top : view.clientHeight / 2
    const ratio = this.scale ? scale / this.scale : 1
    const [left, top] = [(view.scrollLeft + x) * ratio - x, (view.scrollTop + y) * ratio - y]
    this.scale = scale
    this.space.style.width = `${this.data.size[0] * scale}px`
    this.space.style.height = `${this.data.size[1] * scale}px`
    this.#stage.style.transform = `scale(${scale})`
    this.#percent.textContent = `${Math.round(100 * scale)} %`
    view.scrollTo(left, top)
  }

  remove() {
    this.#resized.disconnect()
    this.group.graphs.delete(this)
    if (!this.group.graphs.size && groups.get(this.data.group) === this.group) groups.delete(this.data.group)
  }

  /**
   * @param {string} text
   * @param {string} label
   * @param {() => void} press
   */
  #button(text, label, press) {
    const look = { type: "button", "aria-label": `${label}: ${this.data.alt}`, title: label }
    const button = html("button", look, text)
    button.onclick = press
    return button
  }

  #listen() {
    const view = this.window
    const wheeled = (/** @type {WheelEvent} */ event) => {
      if (!event.ctrlKey && !event.metaKey) return
      event.preventDefault()
      this.zoomBy(Math.exp(-event.deltaY / 300), event)
    }
    view.addEventListener("wheel", wheeled, { passive: false })
    view.addEventListener("pointerdown", (event) => this.#drag(event))
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    if (event.pointerType !== "mouse" || event.button !== 0) return
    const view = this.window
    const from = { x: event.clientX + view.scrollLeft, y: event.clientY + view.scrollTop }
    const drag = (/** @type {PointerEvent} */ move) => view.scrollTo(from.x - move.clientX, from.y - move.clientY)
    const drop = () => view.removeEventListener("pointermove", drag)
    view.setPointerCapture(event.pointerId)
    view.addEventListener("pointermove", drag)
    view.addEventListener("lostpointercapture", drop, { once: true })
  }
}

/**
 * @param {"div" | "span"} tag
 * @param {string} name
 * @param {string} words
 */
const words = (tag, name, words) => html(tag, { class: name }, words)

/**
 * @param {Box} box
 * @param {[number, number]} size
 */
function boxOf(box, [width, height]) {
  const called = box.calls > 1 ? `: one layer with one set of weights, called ${box.calls} times` : ""
  const first = html("div", { class: "first" }, words("span", "name", box.name), words("span", "kind", box.kind))
  const second = html("div", { class: "second" }, words("span", "shape", box.shape))
  if (called) second.append(words("span", "calls", `called ${box.calls} ×`))
  const look = {
    class: `box${box.input ? " input" : ""}${called ? " shared" : ""}`,
    role: "listitem",
    title: `${box.name} (${box.kind}), output ${box.shape}${called}`,
    style: `left: ${box.x}px; top: ${box.y}px; width: ${width}px; height: ${height}px`,
  }
  return html("div", look, first, second, words("span", "hidden", box.feeds))
}

/**
 * A line with its head.
 * @param {string} arrow
 */
function arrowOf(arrow) {
  const [x, y] = arrow.split(/[ CL]/).slice(-2).map(Number)
  const head = `M${x - 5} ${y - 9}L${x} ${y}L${x + 5} ${y - 9}Z`
  return [svg("path", { class: "line", d: arrow }), svg("path", { class: "head", d: head })]
}

/**
 * The boxes and arrows at the scale 1, at places that Python computed.
 * @param {Data} data
 */
function stageOf({ size, arrows, boxes, box }) {
  const look = { width: size[0], height: size[1], "aria-hidden": "true" }
  const lines = svg("svg", look, ...arrows.flatMap(arrowOf))
  return html("div", { class: "stage", role: "list" }, lines, ...boxes.map((each) => boxOf(each, box)))
}

/**
 * The largest scale, up to 100 %, at which the graphs of a group fit those windows that have a height of their own.
 * Graphs in other windows begin at 100 %, so that text can be read.
 * @param {Graph[]} graphs
 */
function fitting(graphs) {
  const scales = graphs.flatMap(({ window: { clientWidth }, data: { size, height } }) =>
    height ? [Math.min(clientWidth / size[0], (height - BAR) / size[1])] : [],
  )
  return Math.max(LEAST, Math.min(1, ...scales))
}

/**
 * Gives the graphs of a group one scale and one height.
 * @param {Group} group
 */
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

/** @type {Renderer<Data>} */
export const layerGraph = rendererOf(({ data: first, parentElement }) => {
  let graph = new Graph(parentElement, first)
  return {
    update({ data }) {
      if (JSON.stringify(graph.data) === JSON.stringify(data)) return
      graph.remove()
      graph = new Graph(parentElement, data)
    },
    leave: () => graph.remove(),
  }
})
