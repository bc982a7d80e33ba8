"""The PyTorch worker of dsptt.

It knows tensors, models and data, and executes commands. It knows no method, schedule, tier, stopping rule or ensemble:
those live in TypeScript. Start reading at ``protocol`` (the requests), then ``operations/programs.py`` (the step loop).
"""

__version__ = "0.1.0"
