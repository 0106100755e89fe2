// @ts-check
// Opens a page that is not part of the Streamlit app.

/** @type {Renderer<{ address: string }>} */
export const go = ({ data }) => {
  location.assign(data.address)
  return undefined
}
