/** Where the files of a source lie. */
export interface CatalogSourceAddress {
  tenant: string;
  /** Name of the source inside its tenant. */
  source: string;
  /**
   * The address below which everything of the source lies, with a slash at the
   * end: `<base>/aurora/checkout/src/branch/main/`. Nothing in a file may lead
   * out of it.
   */
  rootUrl: string;
}

/** The address of a file of the source. */
export function fileUrl(address: CatalogSourceAddress, file: string): string {
  return address.rootUrl + file.split('/').map(encodeURIComponent).join('/');
}

/** The address of the folder of a file of the source, with a slash at the end. */
export function folderUrl(address: CatalogSourceAddress, file: string): string {
  const url = fileUrl(address, file);
  return url.slice(0, url.lastIndexOf('/') + 1);
}
