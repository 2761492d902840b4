# The command line as an image. It serves a run by default:
#   docker build -t dmrec .
#   docker run -p 3000:3000 -v ./runs/first:/run/model:ro -v ./my-data:/data:ro dmrec
# Any other command takes its place: docker run dmrec train --help
FROM node:22-bookworm-slim AS build
WORKDIR /source
COPY . .
RUN npx --yes pnpm@12.21.0 install --frozen-lockfile \
  && npx pnpm@12.21.0 exec turbo run page --output-logs=errors-only \
  && npx pnpm@12.21.0 --filter dmrec deploy --prod --legacy /application

FROM node:22-bookworm-slim
ENV NODE_ENV=production
WORKDIR /application
COPY --from=build /application .
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:3000/health').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/application/dist/cli.js"]
CMD ["serve", "/run/model", "--data", "/data", "--host", "0.0.0.0"]
