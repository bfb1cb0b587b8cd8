# Built in one stage with all tools; the other has Node with the libraries it loads, and the program: no shell, no package manager.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN ["npm", "ci", "--no-audit", "--no-fund"]
COPY tsconfig.json tsconfig.build.json LICENSE ./
COPY build ./build
COPY src ./src
# The commit, for srcroute_exporter_build_info: docker build --build-arg REVISION=$(git rev-parse --short=12 HEAD) .
ARG REVISION=unknown
ENV REVISION=${REVISION}
RUN ["npm", "run", "build"]
RUN ["npm", "prune", "--omit=dev", "--no-audit", "--no-fund"]
RUN ["node", "build/make-image-root.mjs", "/image"]

FROM scratch
LABEL org.opencontainers.image.title="srcroute-exporter" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /image/ /
ENV NODE_ENV=production
EXPOSE 10131
# Nobody, unless told otherwise. An added capability is effective for root only: who reads the device is `--user 0` with CAP_SYSLOG and
# nothing else.
USER 65534:65534
ENTRYPOINT ["/usr/local/bin/node", "/app/dist/main.js"]
