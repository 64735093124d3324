# The portal's image: one for web, worker, scheduler and commands.
FROM python:3.13-slim

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    STATIC_ROOT=/srv/static \
    MEDIA_ROOT=/srv/media

RUN useradd --system --uid 10001 --home-dir /srv/portal portal \
    && install --directory --owner=portal --group=portal /srv/media

WORKDIR /srv/portal
COPY requirements/base.txt requirements/base.txt
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements/base.txt

COPY . .
# The values only let the settings load; none of them stays in the image.
RUN SECRET_KEY=only-for-collecting-static-files \
    DATABASE_URL=postgres://nowhere/portal \
    REDIS_URL=redis://nowhere \
    python manage.py collectstatic --noinput

USER portal
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "portal.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload", "--no-control-socket", "--worker-tmp-dir", "/dev/shm"]
