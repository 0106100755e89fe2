// @ts-check

/**
 * A renderer that keeps a view for each place: it creates the view, passes each component to it, and calls `leave`.
 *
 * If new data arrive while Streamlit still loads the module for the first data, it renders both in this order, and
 * cleans up the first rendering before or after the second one. So a clean-up counts only if the place is off the page.
 * @template Data
 * @param {(component: Component<Data>) => View<Data>} create
 * @returns {Renderer<Data>}
 */
export function rendererOf(create) {
  /** @type {WeakMap<Place, View<Data>>} */
  const shown = new WeakMap()
  return (component) => {
    const { parentElement } = component
    const view = shown.get(parentElement) ?? create(component)
    try {
      view.update(component)
    } catch (error) {
      if (!shown.has(parentElement)) view.leave() // nobody else ends it
      throw error
    }
    shown.set(parentElement, view)
    return () => {
      if (parentElement.isConnected || shown.get(parentElement) !== view) return
      shown.delete(parentElement)
      view.leave()
    }
  }
}
