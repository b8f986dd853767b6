import userEvent from '@testing-library/user-event';

/** Pastes a text into a field: a key at a time takes seconds on a busy machine. */
export async function fill(field: HTMLElement, text: string): Promise<void> {
  await userEvent.click(field);
  await userEvent.paste(text);
}
