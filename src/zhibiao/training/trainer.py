"""transformers' Trainer with layer-wise learning rates, averaged weights and selection by dev records F1."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.utils.data import Sampler
from transformers import Trainer, TrainerCallback

from zhibiao.io.sinks import atomic_file
from zhibiao.models.joint import JointModel
from zhibiao.training.config import TrainingConfig
from zhibiao.training.examples import ExampleSet
from zhibiao.training.loss import JointLoss
from zhibiao.training.sampler import LengthSampler

AVERAGED = "averaged.safetensors"
BEST = "best.safetensors"
METRIC = "mean_records_f1"


class Average:
    """Running mean of the weights: ``mean = decay * mean + (1 - decay) * weights``, faster in the beginning."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay, self.steps = decay, 0
        self.weights = {name: t.detach().clone() for name, t in model.state_dict().items()}

    def update(self, model: nn.Module) -> None:
        """Take in the weights after one more step."""
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        for name, tensor in model.state_dict().items():
            if tensor.is_floating_point():
                self.weights[name].lerp_(tensor.detach(), 1 - decay)

    def swap(self, model: nn.Module) -> None:
        """Exchange the model's weights and the mean."""
        own = {name: t.detach().clone() for name, t in model.state_dict().items()}
        model.load_state_dict(self.weights)
        self.weights = own


class _Bookkeeper(TrainerCallback):
    """Tells sampler and loss the epoch, updates and saves the average; given are the arguments and the state."""

    def __init__(self, owner: ModelTrainer) -> None:
        self._owner = owner

    def on_train_begin(self, *given: Any, **_: Any) -> None:
        self._owner.restore_average(given[1].global_step)

    def on_epoch_begin(self, *given: Any, **_: Any) -> None:
        epoch = int((given[1].epoch or 0.0) + 1e-6)
        self._owner.loss_module.epoch = float(epoch)
        self._owner.sampler.set_epoch(epoch)
        self._owner.examples.set_epoch(epoch)

    def on_step_end(self, *_: Any, **__: Any) -> None:
        self._owner.average.update(self._owner.loss_module.model)

    def on_save(self, *given: Any, **_: Any) -> None:
        args, state = given[:2]
        folder = Path(str(args.output_dir)) / f"checkpoint-{state.global_step}"
        self._owner.average_to(folder / AVERAGED)


class ModelTrainer(Trainer):
    """Trains a JointLoss; ``measure`` scores the model that stands in it, ``mean_records_f1`` among its metrics."""

    def __init__(
        self,
        *,
        loss: JointLoss,
        sampler: LengthSampler,
        options: TrainingConfig,
        measure: Callable[[], Mapping[str, float]],
        **kwargs: Any,
    ) -> None:
        self.loss_module, self.sampler, self.options, self._measure = loss, sampler, options, measure
        self.examples: ExampleSet = kwargs["train_dataset"]
        self.average = Average(loss.model, options.averaging)
        super().__init__(model=loss, **kwargs)
        self.add_callback(_Bookkeeper(self))

    def _get_train_sampler(self, *_: Any) -> Sampler[int]:
        return self.sampler

    def create_optimizer(self, *_: Any) -> torch.optim.Optimizer:
        """AdamW with a learning rate that falls from the heads down through the encoder's layers."""
        if self.optimizer is None:
            self.optimizer = torch.optim.AdamW(
                parameter_groups(self.loss_module.model, self.options), lr=self.options.learning_rate
            )
        return self.optimizer

    def evaluate(self, *_: Any, **__: Any) -> dict[str, float]:
        """Score the averaged weights on dev; keep them if they are the best so far."""
        epoch = self.state.epoch or 0.0
        if epoch + 1e-6 < self.options.evaluate_from_epoch:
            metrics = {f"eval_{METRIC}": 0.0}
        else:
            metrics = {f"eval_{name}": value for name, value in self._scored().items()}
        self.log(metrics)
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
        return metrics

    def _scored(self) -> Mapping[str, float]:
        model = self.loss_module.model
        averaged = self.options.averaging > 0
        if averaged:
            self.average.swap(model)
        try:
            metrics = self._measure()
            self._keep_best(model, metrics)
        finally:
            if averaged:
                self.average.swap(model)
        return metrics

    def _keep_best(self, model: nn.Module, metrics: Mapping[str, float]) -> None:
        record = Path(str(self.args.output_dir)) / "best.json"
        before = json.loads(record.read_text()) if record.is_file() else {}
        if before and before["step"] < self.state.global_step and before["metrics"][METRIC] > metrics[METRIC]:
            return
        _save(model.state_dict(), record.with_name(BEST))
        with atomic_file(record) as file:
            file.write(json.dumps({"step": self.state.global_step, "metrics": dict(metrics)}).encode())

    def average_to(self, path: Path) -> None:
        """Save the running mean; the last file of a checkpoint, so that one which has it is whole."""
        _save(self.average.weights, path, {"steps": str(self.average.steps)})

    def restore_average(self, step: int) -> None:
        """Take up the running mean that was saved at ``step``."""
        if step:
            path = Path(str(self.args.output_dir)) / f"checkpoint-{step}" / AVERAGED
            self.average.weights = load_file(str(path), device=str(self.loss_module.model.device))
            self.average.steps = step


def _save(weights: Mapping[str, Tensor], path: Path, metadata: dict[str, str] | None = None) -> None:
    """Write ``path`` whole or not at all."""
    unfinished = path.with_name(f"{path.name}.tmp")
    save_file({name: t.detach().cpu().contiguous() for name, t in weights.items()}, str(unfinished), metadata=metadata)
    unfinished.replace(path)


def parameter_groups(model: JointModel, options: TrainingConfig) -> list[dict[str, Any]]:
    """Optimiser groups: heads at their own rate, encoder layers decaying downwards, no weight decay on vectors."""
    depth = int(model.tagger.encoder.config.num_hidden_layers)
    groups: dict[tuple[float, float], list[Tensor]] = {}
    for name, parameter in model.named_parameters():
        rate = options.head_learning_rate
        if name.startswith("tagger.encoder."):
            rate = options.learning_rate * options.layer_decay ** (depth - _layer(name))
        decay = options.weight_decay if parameter.dim() > 1 else 0.0
        groups.setdefault((rate, decay), []).append(parameter)
    return [{"params": params, "lr": rate, "weight_decay": decay} for (rate, decay), params in groups.items()]


def _layer(name: str) -> int:
    """1 for the lowest layer, 0 for the embeddings."""
    parts = name.split(".")
    return int(parts[parts.index("layer") + 1]) + 1 if "layer" in parts else 0
