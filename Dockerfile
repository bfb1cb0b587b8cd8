# Built in one stage with all tools; the other has Node, our files and production dependencies, and runs without a shell.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN ["npm", "ci", "--no-audit", "--no-fund"]
COPY tsconfig.json tsconfig.build.json ./
COPY build ./build
COPY src ./src
# The commit, for srcroute_exporter_build_info: docker build --build-arg REVISION=$(git rev-parse --short=12 HEAD) .
ARG REVISION=unknown
ENV REVISION=${REVISION}
RUN ["npm", "run", "build"]
RUN ["npm", "prune", "--omit=dev", "--no-audit", "--no-fund"]

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="srcroute-exporter" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
ENV NODE_ENV=production
EXPOSE 10131
# An added capability is effective for root only: who reads the device in here is root with CAP_SYSLOG and nothing else.
ENTRYPOINT ["node", "/app/dist/main.js"]
