// @ts-check
// A layer graph: boxes and arrows, at places that Python computed, in a window that zooms and pans.
// The graphs of a group share one scale and one height. The browser itself scrolls the window, so touch, the wheel and
// the arrow keys pan; the mouse drags; ctrl + wheel, the buttons and the keys + − 0 zoom.
import { clamp } from "./numbers.js"
import { html, svg } from "./svg.js"
import { rendererOf } from "./view.js"

/**
 * A layer: its place, its texts, how often it is called, and which layers read it.
 * @typedef {{
 *   x: number, y: number, name: string, kind: string, shape: string, calls: number, input: boolean, feeds: string,
 * }} Box
 */
/**
 * `arrows` are the paths of lines, `size` is that of the graph, and `box` that of each box. `height` is that of the
 * window, if it has one of its own.
 * @typedef {{
 *   alt: string, group: string, height: number | null, size: [number, number], box: [number, number],
 *   boxes: Box[], arrows: string[],
 * }} Data
 */
/** @typedef {{ data: Data, view: HTMLElement, stage: HTMLElement, percent: HTMLElement, scale: number }} Graph */

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
  .stage { position: relative; margin: 0 auto; user-select: none; }
  svg { position: absolute; left: 0; top: 0; overflow: visible; }
  .line { fill: none; stroke: var(--neutral); stroke-width: 1.75; }
  .head { fill: var(--neutral); }
  .box { position: absolute; box-sizing: border-box; padding: 0 var(--space-2); display: flex; flex-direction: column;
    justify-content: center; gap: 2px; border: 1.25px solid var(--neutral); border-radius: var(--radius);
    background: var(--st-secondary-background-color); }
  .input { border-style: dashed; background: var(--st-background-color); }
  .shared { border-color: var(--st-primary-color);
    box-shadow: 5px 5px 0 -1.25px var(--st-secondary-background-color), 5px 5px 0 0 var(--st-primary-color); }
  .row { display: flex; justify-content: space-between; gap: var(--space-2); font-size: var(--font-small); line-height: 1.3;
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

/** The graphs on the page by their groups. @type {Map<string, Set<Graph>>} */
const groups = new Map()

/**
 * @param {Box} box
 * @param {[number, number]} size
 */
function boxOf({ x, y, name, kind, shape, calls, input, feeds }, [width, height]) {
  const called = calls > 1 ? `: one layer with one set of weights, called ${calls} times` : ""
  const words = (/** @type {string} */ look, /** @type {string} */ text) => html("span", { class: look }, text)
  const look = {
    class: `box${input ? " input" : ""}${called ? " shared" : ""}`,
    role: "listitem",
    title: `${name} (${kind}), output ${shape}${called}`,
    style: `left: ${x}px; top: ${y}px; width: ${width}px; height: ${height}px`,
  }
  const second = [words("shape", shape), ...(called ? [words("calls", `called ${calls} ×`)] : [])]
  const rows = [[words("name", name), words("kind", kind)], second].map((row) => html("div", { class: "row" }, ...row))
  return html("div", look, ...rows, words("hidden", feeds))
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
 * Shows a graph at a scale. The point below the mouse stays where it is; without a mouse over it, the middle.
 * @param {Graph} graph
 * @param {number} scale
 * @param {MouseEvent} [mouse]
 */
function show(graph, scale, mouse) {
  const { view, stage, percent } = graph
  const box = view.getBoundingClientRect()
  const over = mouse !== undefined && mouse.currentTarget === view
  const x = over ? mouse.clientX - box.left : view.clientWidth / 2
  const y = over ? mouse.clientY - box.top : view.clientHeight / 2
  const ratio = scale / graph.scale
  const [left, top] = [(view.scrollLeft + x) * ratio - x, (view.scrollTop + y) * ratio - y]
  graph.scale = scale
  stage.style.setProperty("zoom", String(scale))
  percent.textContent = `${Math.round(100 * scale)} %`
  view.scrollTo(left, top)
}

/** The scale, up to 100 %, at which a graph fits a window of this height. */
const fitting = (/** @type {Graph} */ { view, data: { size } }, /** @type {number} */ height) =>
  clamp(Math.min(view.clientWidth / size[0], height / size[1]), LEAST, 1)

/**
 * @param {Data} data
 * @param {Place} parent
 * @returns {Graph}
 */
function draw(data, parent) {
  const group = groups.get(data.group) ?? new Set()
  groups.set(data.group, group)
  /**
   * @param {number} scale
   * @param {MouseEvent} [mouse]
   */
  const zoom = (scale, mouse) => {
    for (const each of group) show(each, clamp(scale, LEAST, MOST), mouse)
  }
  const by = (/** @type {number} */ factor) => zoom(graph.scale * factor)
  const fit = () => zoom(Math.min(...[...group].map((each) => fitting(each, each.view.clientHeight))))
  const buttonOf = (/** @type {string} */ text, /** @type {string} */ label, /** @type {() => void} */ press) => {
    const button = html("button", { type: "button", "aria-label": `${label}: ${data.alt}`, title: label }, text)
    button.onclick = press
    return button
  }
  const percent = buttonOf("100 %", "Scale 100 %", () => zoom(1))
  const bar = html(
    "div",
    { class: "bar" },
    html("span", { class: "title" }, "Keras's layer graph"),
    buttonOf("−", "Zoom out", () => by(1 / STEP)),
    percent,
    buttonOf("+", "Zoom in", () => by(STEP)),
    buttonOf("Fit", "Fit the whole graph", fit),
  )
  const [width, height] = data.size
  const lines = svg("svg", { width, height, "aria-hidden": "true" }, ...data.arrows.flatMap(arrowOf))
  const look = { class: "stage", role: "list", style: `width: ${width}px; height: ${height}px` }
  const stage = html("div", look, lines, ...data.boxes.map((box) => boxOf(box, data.box)))
  const label = `${data.alt}. Keys: plus and minus zoom, 0 fits, arrows pan.`
  const view = html("div", { class: "window", tabindex: 0, role: "group", "aria-label": label }, stage)
  const graph = { data, view, stage, percent, scale: 1 }
  parent.replaceChildren(html("style", {}, STYLE), html("div", { class: "graph" }, bar, view))

  /** @type {Record<string, () => void>} */
  const keys = { "+": () => by(STEP), "=": () => by(STEP), "-": () => by(1 / STEP), 0: fit }
  view.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return
    event.preventDefault()
    keys[event.key]()
  })
  const wheeled = (/** @type {WheelEvent} */ event) => {
    if (!event.ctrlKey && !event.metaKey) return
    event.preventDefault()
    zoom(graph.scale * Math.exp(-event.deltaY / 300), event)
  }
  view.addEventListener("wheel", wheeled, { passive: false })
  view.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" && event.button === 0) view.setPointerCapture(event.pointerId)
  })
  view.addEventListener("pointermove", (event) => {
    if (view.hasPointerCapture(event.pointerId)) view.scrollBy(-event.movementX, -event.movementY)
  })

  // A window with a height of its own begins with the whole graph, others at 100 %, so that text can be read.
  const [other] = group
  group.add(graph)
  const highest = Math.min(HIGHEST, Math.max(...[...group].map((each) => each.data.size[1])))
  for (const each of group) each.view.style.height = `${each.data.height ? each.data.height - BAR : highest}px`
  show(graph, other?.scale ?? (data.height ? fitting(graph, data.height - BAR) : 1))
  view.scrollTo((view.scrollWidth - view.clientWidth) / 2, 0)
  return graph
}

/** @type {Renderer<Data>} */
export const layerGraph = rendererOf(({ data: first, parentElement }) => {
  let graph = draw(first, parentElement)
  const leave = () => groups.get(graph.data.group)?.delete(graph)
  return {
    update({ data }) {
      if (JSON.stringify(graph.data) === JSON.stringify(data)) return
      leave()
      graph = draw(data, parentElement)
    },
    leave,
  }
})
