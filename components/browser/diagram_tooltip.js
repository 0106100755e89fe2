// What is below the pointer, in a small box beside it: a neuron's facts, or an edge with its weight.
const { html } = twoHeads.svg
const { short } = twoHeads.numbers

function create() {
  const node = html("div", { class: "tooltip", "aria-hidden": "true", hidden: "" })
  return {
    node,
    hide() { node.hidden = true },
    // Shows lines, the first in bold, above the point (x, y) of the diagram, which is `width` wide.
    show([first, ...lines], x, y, width) {
      node.replaceChildren(html("strong", {}, first), ...lines.map((line) => html("div", {}, line)))
      node.hidden = false
      const half = node.offsetWidth / 2
      node.style.left = `${Math.min(Math.max(x, half), Math.max(width - half, half))}px`
      node.style.top = `${y}px`
    },
  }
}

function ofNeuron(picture, neuron, s, title) {
  const group = picture.groups[neuron.group]
  const lines = [title, ...group.about]
  if (group.layers.length) lines.push(`is one column of the kernel of layer ${group.layers[s]}`)
  if (neuron.order >= 0) lines.push("click to highlight its edges")
  return lines
}

function ofEdge(picture, edge, weight, title) {
  const [source, target] = [picture.groups[edge.source], picture.groups[edge.target]]
  const lines = [`${title(source, edge.i)} → ${title(target, edge.j)}`]
  if (weight === null) lines.push(edge.lstm ? "four gate weights" : "one weight")
  else if (edge.lstm) lines.push(`root mean square of its four gate weights: ${short(weight)}`)
  else lines.push(`weight ${short(weight, edge.head === null ? 2 : 3)}`)
  return lines
}

twoHeads.diagram.tooltip = { create, ofNeuron, ofEdge }
