"""Times an epoch of Mult-VAE, alone or under DMRec-M, with dense input as the authors' program feeds it. Prints JSON."""

import json
import statistics
import sys
import time

import torch
import torch.nn.functional as F

users, items, interactions, batch, hidden, latent, width = (int(number) for number in sys.argv[1:8])
matched = sys.argv[8] == "mddm"
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
torch.manual_seed(1)


class Network(torch.nn.Module):
    def __init__(self, inputs, inner, outputs):
        super().__init__()
        self.hidden = torch.nn.Linear(inputs, inner)
        self.output = torch.nn.Linear(inner, outputs)

    def forward(self, x):
        return self.output(torch.tanh(self.hidden(x)))


encoder = Network(items, hidden, 2 * latent).to(device)
decoder = Network(latent, hidden, items).to(device)
language = Network(width, hidden, 2 * latent).to(device)
item_embeddings = torch.randn(items, width, device=device) / width**0.5
user_embeddings = torch.randn(users, width, device=device) / width**0.5
networks = [encoder, decoder] + ([language] if matched else [])
optimizer = torch.optim.Adam([p for network in networks for p in network.parameters()], lr=1e-3)
clicked = (torch.rand(users, items) < interactions / (users * items)).float()


def kl(mean, log_variance, other_mean, other_log_variance):
    ratio = (log_variance - other_log_variance).exp()
    square = (mean - other_mean) ** 2 / other_log_variance.exp()
    return 0.5 * (ratio + square - 1 - (log_variance - other_log_variance)).sum(1).mean()


def step(rows):
    x = clicked[rows].to(device)
    mean, log_variance = encoder(F.dropout(x, 0.3)).chunk(2, 1)
    loss = 0
    if matched:
        profile = F.dropout(x, 0.3) @ item_embeddings + user_embeddings[rows.to(device)]
        language_mean, language_log_variance = language(profile).chunk(2, 1)
        mean, log_variance = mean + language_mean, log_variance + language_log_variance
        loss = 0.5 * kl(mean, log_variance, language_mean, language_log_variance)
    zero = torch.zeros_like(mean)
    loss = loss + (0.5 if matched else 1.0) * kl(mean, log_variance, zero, zero)
    z = mean + torch.randn_like(mean) * (0.5 * log_variance).exp()
    loss = loss - (F.log_softmax(decoder(z), 1) * x).sum(1).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def epoch():
    started = time.perf_counter()
    for rows in torch.randperm(users).split(batch):
        step(rows)
    return time.perf_counter() - started


epoch()
times = [epoch() for _ in range(5)]
name = torch.cuda.get_device_name() if device.type == "cuda" else "cpu"
print(json.dumps({"device": name, "torch": torch.__version__, "epochMs": 1000 * statistics.median(times)}))
