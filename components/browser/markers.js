// @ts-check
// The marker of a run's clock over its loss curves: a line at the epoch and a dot on each curve. The titles above the
// curves say the values of that epoch.
// A veil covers later epochs, so the curves grow while the run plays.
// The curves stay Plotly's. The marker reads what a chart shows from its public `data` and `layout`, so it also follows
// a zoom, and it is drawn again after each of Plotly's own redraws.
import { numbersOf, valueAt } from "./curves.js"
import { set, svg } from "./svg.js"

/** @import { Clock } from "./clock.js" */
/** @import { Trace } from "./curves.js" */

const CHARTS = "[class*=st-key-curves-]:not([data-retained]) :--plot"
const MARKER = "two-heads-marker"

/** @typedef {{ range?: [number, number], type?: string }} Axis */
/**
 * A chart of Plotly.
 * @typedef {Element & {
 *   data?: Trace[],
 *   layout?: { xaxis?: Axis, yaxis?: Axis },
 *   on?: (event: string, listener: () => void) => void,
 * }} Plot
 */
/**
 * Where a chart shows which numbers: its area in pixels, and the ends of its axes (their logarithms if `log`).
 * @typedef {{ left: number, top: number, width: number, height: number, x: number[], y: number[], log: boolean }} Area
 */

/**
 * A drawing of ours in a chart: over all of Plotly's, or behind Plotly's labels and hover boxes.
 * @param {Plot} plot
 * @param {string} name
 * @param {boolean} behind
 * @param {() => Element[]} content
 * @returns {SVGElement | null} null in a chart that is not drawn yet
 */
function drawing(plot, name, behind, content) {
  const place = plot.querySelector(".svg-container")
  /** @type {SVGElement | null | undefined} */
  const known = place?.querySelector(`:scope > .${name}`)
  if (!place || known) return known ?? null
  const size = { width: "100%", height: "100%" }
  const made = svg("svg", { class: `${MARKER} ${name}`, "aria-hidden": "true", ...size }, ...content())
  made.style.cssText = "position: absolute; inset: 0; pointer-events: none; overflow: hidden"
  const curves = behind && place.querySelector(":scope > :--plot-drawing")
  if (curves) curves.after(made)
  else place.append(made)
  return made
}

const marks = () => [svg("line", { "stroke-width": 1.5, "stroke-opacity": 0.75 }), svg("g", { class: "dots" })]
const veil = () => [svg("rect", { style: "fill: var(--st-background-color, Canvas); fill-opacity: 0.85" })]

/** @param {Trace} trace */
const isValidation = (trace) => /, validation$/.test(trace.name)

/**
 * The lines that carry a dot: those of the styles, in training and validation, or else the first line of the chart.
 * @param {Plot} plot
 * @param {string[]} titles
 */
function lines(plot, titles) {
  const drawn = (plot.data ?? []).filter(
    ({ mode, hoverinfo, line, x }) =>
      mode !== "markers" && hoverinfo !== "skip" && line?.width !== 0 && numbersOf(x).length > 1,
  )
  const named = drawn.filter(({ name }) => titles.some((title) => name === title || name === `${title}, validation`))
  return named.length ? named : drawn.slice(0, 1)
}

/**
 * @param {Plot} plot
 * @returns {Area | null}
 */
function areaOf(plot) {
  const area = plot.querySelector(".nsewdrag")
  const { xaxis, yaxis } = plot.layout ?? {}
  if (!area || !Array.isArray(xaxis?.range) || !Array.isArray(yaxis?.range)) return null
  const [left, top, width, height] = ["x", "y", "width", "height"].map((name) => Number(area.getAttribute(name)))
  return { left, top, width, height, x: xaxis.range, y: yaxis.range, log: yaxis.type === "log" }
}

/**
 * @param {Plot} plot
 * @param {Clock} clock
 * @param {string[]} titles
 */
function mark(plot, clock, titles) {
  const area = areaOf(plot)
  const over = area && drawing(plot, "over", false, marks)
  const later = area && drawing(plot, "veil", true, veil)
  if (!over || !later) return
  const [line, dots] = /** @type {SVGElement[]} */ ([...over.children])
  const { left, top, width, height } = area
  const x = left + ((clock.epoch - area.x[0]) / (area.x[1] - area.x[0])) * width
  const drawn = lines(plot, titles)
  const visible = drawn.length > 0 && x >= left - 0.5 && x <= left + width + 0.5
  over.style.display = later.style.display = visible ? "" : "none"
  if (!visible) return
  const colour = getComputedStyle(plot).color
  set(line, { x1: x, x2: x, y1: top, y2: top + height, stroke: colour })
  set(later.children[0], { x, y: top, width: Math.max(0, left + width - x), height })
  dot(dots, drawn, clock.epoch, area, x, colour)
  const still = !clock.playing && clock.shown === clock.last // labels at the lines' ends and the title say all of this
  for (const each of [later, line]) each.style.display = still ? "none" : ""
}

/**
 * Puts a dot on each curve.
 * @param {Element} dots
 * @param {Trace[]} drawn
 * @param {number} epoch
 * @param {Area} area
 * @param {number} x that of the epoch in pixels
 * @param {string} colour
 */
function dot(dots, drawn, epoch, { top, height, y: ends, log }, x, colour) {
  while (dots.childElementCount < drawn.length) dots.append(svg("circle"))
  while (dots.childElementCount > drawn.length) dots.lastChild?.remove()
  drawn.forEach((trace, i) => {
    const value = valueAt(trace, epoch, log)
    const share = ((log ? Math.log10(value) : value) - ends[0]) / (ends[1] - ends[0])
    const y = top + height * (1 - share)
    const shown = y >= top - 1 && y <= top + height + 1
    const radius = isValidation(trace) ? 3 : 4.5
    set(dots.children[i], { cx: x, cy: shown ? y : 0, r: shown ? radius : 0, fill: trace.line?.color ?? colour })
  })
}

/**
 * The text in a chart's title that says its values: all of that of the totals, and what follows the name of a task.
 * @param {Plot} plot
 */
function titleOf(plot) {
  const chart = plot.closest("[class*=st-key-curves-]")
  const text = chart?.previousElementSibling?.querySelector("strong")?.lastChild
  const task = chart?.className.match(/st-key-curves-task-(\d+)/)
  const at = task ? Number(task[1]) + 1 : chart?.matches(".st-key-curves-total") ? 0 : -1
  return text instanceof Text && at >= 0 ? { text, at } : null
}

/** @type {WeakMap<Text, { own: string, shown: string }>} what React wrote, and what we wrote in its place */
const written = new WeakMap()

/**
 * Lets the title above a chart say the values of an epoch; null for its own, those of the last epoch.
 * @param {Plot} plot
 * @param {string[] | null} captions that of the totals, then those of the tasks
 */
function entitle(plot, captions) {
  const { text, at } = titleOf(plot) ?? {}
  if (!text || at === undefined) return
  const before = written.get(text)
  const own = text.data === before?.shown ? before.own : text.data
  const caption = captions?.[at]
  const name = at ? own.slice(0, own.lastIndexOf(" · ") + 3) : ""
  const shown = caption === undefined ? own : name + caption
  if (text.data !== shown) text.data = shown
  written.set(text, { own, shown })
}

/**
 * Draws the marker of `clock` over the curves, and its epoch above them, until the returned function is called.
 * @param {Clock} clock
 * @param {string[]} titles those of the styles
 * @param {() => string[][]} captions what the titles above the curves say at each frame of the clock
 */
export function markers(clock, titles, captions) {
  /** @type {WeakSet<Plot>} */
  const known = new WeakSet()
  let queued = 0
  const draw = () => {
    queued = 0
    /** @type {NodeListOf<Plot>} */
    const plots = document.querySelectorAll(CHARTS)
    for (const plot of plots) {
      if (!known.has(plot) && plot.on) {
        known.add(plot)
        plot.on("plotly_afterplot", queue)
      }
      mark(plot, clock, titles)
      entitle(plot, clock.shown === clock.last ? null : captions()[clock.frames.indexOf(clock.shown)])
    }
  }
  const queue = () => {
    queued ||= requestAnimationFrame(draw)
  }
  const stop = clock.subscribe(draw)
  const watch = new MutationObserver((records) => {
    const ours = (/** @type {Node} */ target) => target instanceof Element && target.closest(`.${MARKER}`)
    if (records.some(({ target }) => !ours(target))) queue()
  })
  watch.observe(document.body, { childList: true, subtree: true })
  return () => {
    stop()
    watch.disconnect()
    cancelAnimationFrame(queued)
    for (const plot of document.querySelectorAll(CHARTS)) entitle(plot, null)
    for (const marker of document.querySelectorAll(`.${MARKER}`)) marker.remove()
  }
}
