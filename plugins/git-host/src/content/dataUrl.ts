import { type FileContent } from '@portico/plugin-git-host-common';

/** The bytes of a file as a `data:` URL, for an image of the given media type. */
export function dataUrl(file: FileContent, mediaType: string): string {
  return file.encoding === 'base64'
    ? `data:${mediaType};base64,${file.content}`
    : `data:${mediaType};charset=utf-8,${encodeURIComponent(file.content)}`;
}

/** The bytes of a file, to be saved and never opened as a page. */
export function fileBlob(file: FileContent): Blob {
  const bytes =
    file.encoding === 'base64'
      ? Uint8Array.from(atob(file.content), character =>
          character.charCodeAt(0),
        )
      : file.content;
  return new Blob([bytes], { type: 'application/octet-stream' });
}
