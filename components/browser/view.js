// @ts-check

/**
 * A renderer that keeps a view for each place: it creates the view, passes each component to it, and calls `leave`.
 *
 * If new data come while Streamlit still loads the module for the first ones, it renders both, and ends the first
 * rendering at once. So only the end of the last rendering ends the view.
 * @template Data
 * @param {(component: Component<Data>) => View<Data>} create
 * @returns {Renderer<Data>}
 */
export function rendererOf(create) {
  /** @type {WeakMap<Place, { view: View<Data>, last: number }>} */
  const shown = new WeakMap()
  return (component) => {
    const { parentElement } = component
    const place = shown.get(parentElement) ?? { view: create(component), last: 0 }
    shown.set(parentElement, place)
    const own = place.last + 1
    place.view.update(component)
    place.last = own // not if `update` threw: nobody ends a rendering that failed
    return () => {
      if (place.last !== own) return
      place.view.leave()
      shown.delete(parentElement)
    }
  }
}
