// @ts-check
// The order of the questions from the room. While somebody reads or votes, none moves under their thumb.

/**
 * The numbers of the listed questions: those that are shown stay in their order, and the others follow as they are listed.
 * @param {number[]} shown
 * @param {{ number: number }[]} listed
 */
export function keepOrder(shown, listed) {
  const numbers = listed.map(({ number }) => number)
  const kept = shown.filter((number) => numbers.includes(number))
  return [...kept, ...numbers.filter((number) => !kept.includes(number))]
}

/**
 * What a vote changes, before the server has told it.
 * @param {Phone.RoomQuestion} question
 * @param {boolean} voted whether the participant had voted
 * @returns {Phone.RoomQuestion}
 */
export const withVote = (question, voted) => ({ ...question, votes: Math.max(question.votes + (voted ? -1 : 1), 0) })

/**
 * What a screen reader says of the button with which one votes.
 * @param {Phone.RoomQuestion} question
 */
export const voteWords = ({ text, votes }) => `Vote for: ${text} (${votes} ${votes === 1 ? "vote" : "votes"})`
