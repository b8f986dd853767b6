/** Says when a request of a tenant may run. */
export interface Turns {
  /**
   * Waits for a turn.
   *
   * @param given - called once when it is the caller's turn, at once where there is room
   * @returns ends the turn, or stops waiting for it; more calls of it do nothing
   */
  take(tenant: string, given: () => void): () => void;
}
