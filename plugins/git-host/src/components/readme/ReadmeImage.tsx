import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import useAsync from 'react-use/esm/useAsync';
import { gitHostApiRef } from '../../api/GitHostApi';
import { dataUrl } from '../../content/dataUrl';
import { imageType } from '../../content/fileKinds';
import { resolveReadmeTarget } from '../../content/resolveReadmeTarget';
import { gitHostTranslationRef } from '../../translation';
import { useReadmePlace } from './ReadmePlace';

/** Bytes of an image that a document may show. */
const MAX_IMAGE_BYTES = 2_000_000;

/** An image of a document, from the repository alone: others would tell who reads. */
export function ReadmeImage(props: { src?: string; alt?: string }) {
  const { src = '', alt = '' } = props;
  const { t } = useTranslationRef(gitHostTranslationRef);
  const gitHost = useApi(gitHostApiRef);
  const { name, gitRef, path } = useReadmePlace();
  const target = resolveReadmeTarget(src, path);
  const imagePath = target.kind === 'repository' ? target.path : undefined;

  // An image element cannot send the token, so the bytes are fetched.
  const { loading, value: url } = useAsync(async () => {
    const mediaType = imagePath && imageType(imagePath);
    if (!mediaType) {
      return undefined;
    }
    const file = await gitHost.file({ ...name, ref: gitRef, path: imagePath });
    return file.size <= MAX_IMAGE_BYTES ? dataUrl(file, mediaType) : undefined;
  }, [gitHost, name.tenant, name.repository, gitRef, imagePath]);

  if (loading) {
    return <span>{alt}</span>;
  }
  return url ? (
    <img src={url} alt={alt} />
  ) : (
    <em>{t('readme.imageNotShown', { alt: alt || src })}</em>
  );
}
