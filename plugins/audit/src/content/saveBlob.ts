const REVOKE_AFTER_MILLISECONDS = 60_000;

/** Hands a file to the browser's downloads. */
export function saveBlob(blob: Blob, file: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = file;
  document.body.append(link);
  link.click();
  link.remove();
  // The browser may still be reading it.
  setTimeout(() => URL.revokeObjectURL(address), REVOKE_AFTER_MILLISECONDS);
}
