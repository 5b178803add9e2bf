# Bot and worker in one image. Node runs the TypeScript as it stands, so that there is no build step: production packages
# and the source are all there is.
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# What is optional is a Node for machines that have none, and faster variants of small parts.
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund

FROM ${NODE_IMAGE}
ENV NODE_ENV=production \
    WCS_HEALTH_PORT=9170
# The worker asks with arping who is on an address, and announces its rigs with an image that it makes of busybox.
RUN apt-get update \
 && apt-get install -y --no-install-recommends iputils-arping busybox-static \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json ./
COPY src ./src
# By number, since a rig's host need not know the name. The worker runs as root: see docker-compose.yml.
USER 1000:1000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 CMD ["node", "src/main.ts", "health"]
# Collects garbage sooner: nothing here is bound by it, and it saves 40 MB. Measured: docs/decisions/0006.
ENTRYPOINT ["node", "--optimize-for-size", "--max-semi-space-size=4", "src/main.ts"]
CMD ["--help"]
