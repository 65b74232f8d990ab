using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>What a forward pass of <see cref="SegmentGRU"/> remembers: the pass that reads, and the gates of all segments
/// ahead.</summary>
public sealed class SegmentGRUPass : WrapperPass
{
    /// <summary>Gates of a GRU.</summary>
    internal const int Gates = 3;

    private const int Kernel = 0;
    private const int RecurrentKernel = 1;
    private const int Bias = 2;
    private const int Positions = 3;

    private readonly SegmentGRU layer;
    private readonly SequenceBatch output;
    private readonly int batch;
    private readonly int gateRows;

    // Before the activations: what the state gives, what each sample gives, what each place gives, and all of it.
    private readonly DenseMatrix fromState;
    private readonly DenseMatrix fromSample;
    private readonly DenseMatrix fromPlace;
    private readonly DenseMatrix gates;

    private readonly DenseMatrix? stateSlopes;
    private readonly DenseMatrix? stateScratch;
    private readonly DenseMatrix? sampleSlopes;
    private readonly DenseMatrix? placeSlopes;
    private readonly DenseMatrix? stateGradient;
    private readonly DenseMatrix? direct;
    private readonly DenseMatrix? sampleGradient;
    private readonly DenseMatrix? knownGradient;
    private SequenceBatch? state;
    private DenseMatrix? sample;
    private DenseMatrix? known;

    internal SegmentGRUPass(SegmentGRU layer, PassOptions options)
        : base(layer, options)
    {
        this.layer = layer;
        batch = options.BatchSize;
        gateRows = Gates * layer.Units;
        output = new SequenceBatch(layer.ComputeOutputShapes(options.InputShapes)[0], batch);
        fromState = new(gateRows, batch);
        fromSample = new(gateRows, batch);
        fromPlace = new(gateRows, layer.Steps);
        gates = new(gateRows, options.Differentiable ? layer.Steps * batch : batch);
        if (options.Differentiable)
        {
            (stateSlopes, stateScratch) = (new(gateRows, batch), new(gateRows, batch));
            (sampleSlopes, placeSlopes) = (new(gateRows, batch), new(gateRows, layer.Steps));
            (stateGradient, direct) = (new(layer.Units, batch), new(layer.Units, batch));
            int features = options.InputShape.Features;
            sampleGradient = options.InputGradients[1] ? new(features, batch) : null;
            knownGradient = options.InputGradients.Count > 2 && options.InputGradients[2]
                ? new(features, layer.Steps * batch) : null;
        }

        Wrap(layer.Reader.CreatePass(Options with
        {
            InputShape = options.InputShape,
            InputGradients = [options.InputGradient],
            Continuing = false,
        }));
    }

    /// <summary>The states of all segments ahead.</summary>
    internal SequenceBatch Forward(ReadOnlySpan<SequenceBatch> inputs)
    {
        state = layer.Reader.Forward(Inner, inputs[0]);
        sample = inputs[1].Values;
        known = inputs.Length > 2 ? inputs[2].Values : null;
        ReadOnlySpan<Real> bias = layer.Parameters[Bias].Values;
        layer.Cell.StateMap.Set(state.Values, bias[gateRows..], fromState, Options.Threads);
        layer.Cell.InputMap.Set(sample, bias[..gateRows], fromSample, Options.Threads);
        layer.Cell.InputMap.Set(layer.Parameters[Positions].Value, fromPlace);
        for (int j = 0; j < layer.Steps; j++)
        {
            ColumnBlock own = GatesOf(j);
            if (known is null)
            {
                fromSample.Values.CopyTo(own.Values);
            }
            else
            {
                layer.Cell.InputMap.Set(new(known, j * batch, batch), own, Options.Threads);
                VectorMath.Add(fromSample.Values, own.Values);
            }

            ReadOnlySpan<Real> place = new ColumnBlock(fromPlace, j, 1).Values;
            for (int b = 0; b < batch; b++)
            {
                VectorMath.Add(place, own.Column(b));
            }

            GRUGates.Forward(own, fromState, state.Values, output.Step(j));
        }

        return output;
    }

    /// <summary>Adds to the gradients of the parameters and computes those of the inputs.</summary>
    internal void Backward(DenseMatrix outputGradient, Span<DenseMatrix?> inputGradients)
    {
        stateSlopes!.Clear();
        sampleSlopes!.Clear();
        placeSlopes!.Clear();
        stateGradient!.Clear();
        for (int j = 0; j < layer.Steps; j++)
        {
            ColumnBlock own = GatesOf(j);
            fromState.Values.CopyTo(stateScratch!.Values, 0);
            GRUGates.Backward(own, stateScratch, state!.Values, new(outputGradient, j * batch, batch), direct!);
            VectorMath.Add(stateScratch.Values, stateSlopes.Values);
            VectorMath.Add(direct!.Values, stateGradient.Values);
            VectorMath.Add(own.Values, sampleSlopes.Values);
            Product.AddRowSums(own, new ColumnBlock(placeSlopes, j, 1).Values);
        }

        DenseMatrix places = layer.Parameters[Positions].Value;
        Product.AddOuter(sampleSlopes, sample!, Gradients[Kernel]);
        Product.AddOuter(placeSlopes, places, Gradients[Kernel]);
        Product.AddOuter(stateSlopes, state!.Values, Gradients[RecurrentKernel]);
        Span<Real> bias = Gradients[Bias].Values;
        Product.AddRowSums(sampleSlopes, bias[..gateRows]);
        Product.AddRowSums(stateSlopes, bias[gateRows..]);
        layer.Cell.InputMap.AddBack(placeSlopes, Gradients[Positions]);
        layer.Cell.StateMap.AddBack(stateSlopes, stateGradient, Options.Threads);
        if (known is not null)
        {
            Product.AddOuter(gates, known, Gradients[Kernel]);
        }

        if (sampleGradient is not null)
        {
            layer.Cell.InputMap.SetBack(sampleSlopes, sampleGradient, Options.Threads);
        }

        if (knownGradient is not null)
        {
            layer.Cell.InputMap.SetBack(gates, knownGradient, Options.Threads);
        }

        inputGradients[0] = layer.Reader.Backward(Inner, stateGradient);
        inputGradients[1] = sampleGradient;
        if (inputGradients.Length > 2)
        {
            inputGradients[2] = knownGradient;
        }
    }

    // Without a way back, one block serves all segments.
    private ColumnBlock GatesOf(int j) => new(gates, Options.Differentiable ? j * batch : 0, batch);
}
