# Portico as an image. docs/image.md says how it is built, tested and run.
#
# The base images are arguments: give a mirror of your own, or what your policy asks
# for, as long as it is Debian 13 with Node 24 and apt. Renew the digests together with
# the versions beside them: docker buildx imagetools inspect node:24-trixie-slim
ARG NODE_IMAGE=docker.io/library/node:24.20.0-trixie-slim@sha256:50c3b2f6988dfc307b86e5301d69611af31f4789bdf232863b07d3b02fe55ae0
# pg_dump has to be as new as the server, and Debian's own is older.
ARG POSTGRES_IMAGE=docker.io/library/postgres:18.6-trixie@sha256:4ef4dbc939d61acea57712655ddb4b4ab27419c913f94cca0cd57cb3ea3c2280

# ── build: everything that needs the tool chain ─────────────────────────────────────
FROM ${NODE_IMAGE} AS build
WORKDIR /source
ENV CI=true
COPY . .
RUN node .yarn/releases/yarn-*.cjs install --immutable
RUN node .yarn/releases/yarn-*.cjs workspace backend build
# What is inside, as CycloneDX: the packages of the backend that are there in production.
RUN node .yarn/releases/yarn-*.cjs workspace backend exec \
    cyclonedx-yarn --production --short-PURLs --output-reproducible --output-file /source/sbom.json
WORKDIR /app
RUN cp -r /source/.yarn /source/.yarnrc.yml . \
  && tar -xzf /source/packages/backend/dist/skeleton.tar.gz \
  && tar -xzf /source/packages/backend/dist/bundle.tar.gz
RUN node .yarn/releases/yarn-*.cjs workspaces focus --all --production \
  && rm -rf .yarn .yarnrc.yml yarn.lock \
  # Nothing at run time reads maps and declarations, but the configuration's schemas.
  && find . -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) \
     ! -name config.d.ts ! -path '*/node_modules/typescript/*' -delete
COPY app-config*.yaml catalog-info.yaml mkdocs.yml README.md backstage.json LICENSE* ./
COPY docs ./docs
COPY templates ./templates
COPY delivery ./delivery
COPY packages/image/entry ./entry
RUN cp /source/sbom.json . && chmod -R a+rX,go-w .

# ── postgres: the two programs of a backup, and the library they need ───────────────
FROM ${POSTGRES_IMAGE} AS postgres
RUN mkdir -p /programs/bin /programs/lib \
  && cp /usr/lib/postgresql/*/bin/pg_dump /usr/lib/postgresql/*/bin/pg_restore /programs/bin/ \
  && cp -P /usr/lib/*-linux-gnu/libpq.so.5* /programs/lib/

# ── the image ───────────────────────────────────────────────────────────────────────
FROM ${NODE_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Portico" \
      org.opencontainers.image.description="Internal developer portal that many organisations share" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# git serves and reads repositories; libpq5 brings what the newer libpq below needs.
RUN apt-get update \
  && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
     ca-certificates git libpq5 liblz4-1 libzstd1 zlib1g \
  && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/* \
     # what installs packages has no place in what serves
     /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack \
     /opt/yarn* /usr/local/bin/yarn /usr/local/bin/yarnpkg
COPY --from=postgres /programs/bin /usr/local/bin
COPY --from=postgres /programs/lib /usr/local/lib
RUN ldconfig \
  # written to at run time, each as a volume
  && mkdir -p /var/lib/portico/git /var/lib/portico/docs /var/lib/portico/backup \
  && chown -R 65532:65532 /var/lib/portico
COPY --from=build /app /app
WORKDIR /app
# The schedule of Node's garbage collection follows the container's memory by itself.
ENV NODE_ENV=production \
    HOME=/tmp \
    PORTICO_GIT_DIRECTORY=/var/lib/portico/git \
    PORTICO_DOCS_DIRECTORY=/var/lib/portico/docs \
    PORTICO_VERSION=${VERSION}
USER 65532:65532
EXPOSE 7007 9464
STOPSIGNAL SIGTERM
# Kubernetes has probes of its own; this one is for docker and podman.
HEALTHCHECK --interval=15s --timeout=5s --start-period=90s --retries=3 \
  CMD ["node", "/app/entry/health.mjs"]
ENTRYPOINT ["node", "/app/entry/portico.cjs"]
CMD ["serve"]
