// The compass of three heads, in space: arrows over the plane of A and B, which turns under the pointer and by keys.
const { svg, set } = twoHeads.svg
const { labels, arrow, clamp } = twoHeads.compass
const FIRST = { yaw: 20, pitch: 55 } // degrees: seen from in front and above
const KEYS = { ArrowLeft: [-5, 0], ArrowRight: [5, 0], ArrowUp: [0, 5], ArrowDown: [0, -5] }

const radians = (degrees) => (degrees * Math.PI) / 180

function space(root) {
  const floor = svg("g", { "aria-hidden": "true" })
  const arrows = svg("g", { "aria-hidden": "true" })
  const names = svg("g", { "aria-hidden": "true" })
  root.replaceChildren(floor, arrows, names)
  const seen = { ...FIRST }
  let now = null, held = null

  root.onpointerdown = (event) => {
    if (event.button) return
    root.setPointerCapture(event.pointerId)
    held = { x: event.clientX, y: event.clientY, ...seen }
  }
  root.onpointermove = (event) => {
    if (held) turn(held.yaw + (event.clientX - held.x) / 2, held.pitch + (event.clientY - held.y) / 2)
  }
  root.onpointerup = root.onpointercancel = () => { held = null }
  root.onkeydown = (event) => {
    const by = KEYS[event.key]
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    turn(seen.yaw + by[0], seen.pitch + by[1])
  }

  function turn(yaw, pitch) {
    Object.assign(seen, { yaw, pitch: clamp(pitch, -90, 90) })
    paint()
  }

  function paint() {
    const drawn = now.steps.filter((step) => !step.still)
    const [yaw, pitch] = [radians(seen.yaw), radians(seen.pitch)]
    const seenAt = ([x, y, z]) => {
      const away = x * Math.sin(yaw) + y * Math.cos(yaw)
      return [x * Math.cos(yaw) - y * Math.sin(yaw), away * Math.sin(pitch) + z * Math.cos(pitch)]
    }
    // All arrows fit, with their middle in that of the picture; seen from the side they are not blown up beyond 1.8 times.
    const vectors = [...now.gradients, ...drawn.map(({ at }) => at)]
    const reach = Math.max(...vectors.map((each) => Math.hypot(...each)))
    const [acrossAll, upAll] = [0, 1].map((part) => [0, ...vectors.map((each) => seenAt(each)[part])])
    const span = (values) => Math.max(...values) - Math.min(...values)
    const middle = (values) => (Math.max(...values) + Math.min(...values)) / 2
    const [roomX, roomY] = [now.width - 140, now.height - 76]
    const scale = Math.min(roomX / span(acrossAll), roomY / span(upAll), (1.8 * Math.min(roomX, roomY)) / (2 * reach))
    const [cx, cy] = [now.width / 2 - scale * middle(acrossAll), now.height / 2 + scale * middle(upAll)]
    const placed = (vector) => {
      const [across, up] = seenAt(vector)
      return [cx + scale * across, cy - scale * up]
    }

    const all = [
      ...now.gradients.map((at, i) => ({ at, colour: now.heads[i].colour, width: 7, title: `head ${now.heads[i].name}` })),
      ...drawn.map(({ at, colour, dash, title }) => ({ at, colour, dash, width: 3, title, method: true })),
    ]
    const radius = scale * Math.max(...now.gradients.map((each) => Math.hypot(...each)))
    floor.replaceChildren(
      svg("ellipse", { cx, cy, rx: radius, ry: radius * Math.abs(Math.sin(pitch)), class: "floor" }),
      ...all.filter(({ at }) => Math.abs(at[2]) * scale > 5).map(({ at }) => svg("path", { d: `M${placed(at)}L${placed([at[0], at[1], 0])}L${cx} ${cy}`, class: "drop" })),
    )
    arrows.replaceChildren(
      ...all.map(({ at, ...look }) => arrow(cx, cy, ...placed(at), look)),
      svg("circle", { cx, cy, r: 4, class: "origin" }),
    )
    const wanted = all.map(({ at, title, method }) => {
      const [x, y] = placed(at)
      const length = Math.hypot(x - cx, y - cy) || 1
      return { words: title, x, y, dx: (x - cx) / length, dy: (cy - y) / length, method }
    })
    names.replaceChildren(...labels(wanted, `600 13px ${now.family}`, now.width, now.height))
  }

  return {
    show(next) {
      now = next
      set(root, { tabindex: 0 })
      paint()
    },
    leave() {
      root.onpointerdown = root.onpointermove = root.onpointerup = root.onpointercancel = root.onkeydown = null
      set(root, { tabindex: null })
    },
  }
}

twoHeads.compass.space = space
