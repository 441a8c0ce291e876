# The commands of Mien, with the studio. Build and run:
#   docker build -t mien .
#   docker run --rm -v "$PWD:/work" mien generate portrait.jpg --expression happiness --out smile.mp4
#   docker run --rm --network host -v "$PWD:/work" mien studio --no-browser
# The studio listens on 127.0.0.1 alone, so it needs --network host (Linux). See docs/install.md.
FROM python:3.11-slim

WORKDIR /opt/mien
COPY pyproject.toml constraints.txt README.md LICENSE NOTICE ./
COPY src ./src
RUN python -m pip install --no-cache-dir --disable-pip-version-check -c constraints.txt ".[demo,studio,datasets,eval,interchange,produce,credentials]"

RUN useradd --uid 1000 --create-home mien
USER 1000
WORKDIR /work
ENTRYPOINT ["mien"]
CMD ["--help"]
