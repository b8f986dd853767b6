/**
 * A place among the events: first the transaction that wrote them, then their number. By
 * number alone an event could come into sight before one with a smaller number. Both count
 * the events of all tenants, so neither leaves the portal.
 */
export interface EventPosition {
  /** Id of the transaction, digits only. */
  writer: string;
  /** Number of the event, digits only. */
  sequence: string;
}
