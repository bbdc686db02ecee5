"""Models that have been stepped."""

from sim.mesa_face.model import CoproductionModel


def to_the_end(model):
    while model.running:
        model.step()
    return model


def half_way(steps=40, **given):
    model = CoproductionModel("classroom", **given)
    for _ in range(steps):
        model.step()
    return model
